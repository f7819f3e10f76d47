{#
    Token count under a key of a JSON object, as bigint: a JSON integer, or a JSON string of digits
    only, of at most 15 significant digits. Everything else is 0; no value can make a query fail.
    15 digits keep tokens x price exact within the 38 digits that every engine offers.
#}
{% macro json_token_count(json, key) -%}
    {{ return(adapter.dispatch('json_token_count')(json, key)) }}
{%- endmacro %}

{% macro postgres__json_token_count(json, key) -%}
    {%- set text_value -%} {{ json }} ->> '{{ key }}' {%- endset -%}
    case jsonb_typeof({{ json }} -> '{{ key }}')
        when 'number' then
            case
                when ({{ text_value }}) not like '%.%'
                    and length(ltrim({{ text_value }}, '-')) <= 15
                    then cast({{ text_value }} as bigint)
                else 0
            end
        when 'string' then
            case
                when ({{ text_value }}) <> ''
                    and ltrim({{ text_value }}, '0123456789') = ''
                    and length(ltrim({{ text_value }}, '0')) <= 15
                    then cast({{ text_value }} as bigint)
                else 0
            end
        else 0
    end
{%- endmacro %}
