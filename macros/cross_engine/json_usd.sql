{#
    Amount in USD under a key of a JSON object, numeric(38, 22): a JSON number or a plain decimal
    string (optional sign, fraction, exponent), rounded half away from zero. Everything else
    counts 0, and so does a magnitude of 1e12 or more: a few such rows would overflow a sum. The
    bounds on length and exponent keep the cast inside what Postgres can represent; beyond them
    the amount is either too large or rounds to 0 anyway.
#}
{% macro json_usd(json, key) -%}
    {{ return(adapter.dispatch('json_usd')(json, key)) }}
{%- endmacro %}

{% macro postgres__json_usd(json, key) -%}
    {%- set text_value -%} {{ json }} ->> '{{ key }}' {%- endset -%}
    {%- set rounded -%} round(cast({{ text_value }} as numeric), 22) {%- endset -%}
    cast(
        case
            when
                jsonb_typeof({{ json }} -> '{{ key }}') = 'number'
                or (
                    jsonb_typeof({{ json }} -> '{{ key }}') = 'string'
                    and length({{ text_value }}) <= 4000
                    and ({{ text_value }}) ~ '^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$'
                    and length(ltrim(split_part(lower({{ text_value }}), 'e', 2), '+-0')) <= 4
                )
                then case when abs({{ rounded }}) < 1e12 then {{ rounded }} else 0 end
            else 0
        end as numeric(38, 22)
    )
{%- endmacro %}
