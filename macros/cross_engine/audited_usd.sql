{#
    What json_usd reads, found by other means (a pattern over the JSON text) for the audit of the
    marts: a number, or a plain decimal string that is not too long. numeric(38, 22).
#}
{% macro audited_usd(json, key) -%}
    {{ return(adapter.dispatch('audited_usd')(json, key)) }}
{%- endmacro %}

{% macro postgres__audited_usd(json, key) -%}
    {%- set json_value -%} cast({{ json }} -> '{{ key }}' as text) {%- endset -%}
    {%- set amount -%}
        round(
            cast(
                coalesce(
                    substring({{ json_value }} from '^-?[0-9.]+$'),
                    case
                        when length({{ json_value }}) <= 4002
                            then substring(
                                {{ json_value }}
                                from '^"([+-]?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?0*[0-9]{1,4})?)"$'
                            )
                    end,
                    '0'
                ) as numeric
            ), 22
        )
    {%- endset -%}
    cast(
        case
            when {{ amount }} > -1e12 and {{ amount }} < 1e12 then {{ amount }}
            else 0
        end as numeric(38, 22)
    )
{%- endmacro %}
