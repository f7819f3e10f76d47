{#
    Token count under nested keys of a JSON value, as bigint: a JSON integer, or a JSON string of
    digits only, of at most 15 significant digits. Everything else is NULL; no value can make a query
    fail. 15 digits keep tokens x price exact within the 38 digits that every engine offers.
#}
{% macro json_token_count(json, keys) -%}
    {{ return(adapter.dispatch('json_token_count')(json, keys)) }}
{%- endmacro %}

{% macro postgres__json_token_count(json, keys) -%}
    {%- set path -%} '{ {{- keys | join(',') -}} }' {%- endset -%}
    {%- set text_value -%} {{ json }} #>> {{ path }} {%- endset -%}
    case jsonb_typeof({{ json }} #> {{ path }})
        when 'number' then
            case
                when ({{ text_value }}) not like '%.%'
                    and length(ltrim({{ text_value }}, '-')) <= 15
                    then cast({{ text_value }} as bigint)
            end
        when 'string' then
            case
                when ({{ text_value }}) <> ''
                    and ltrim({{ text_value }}, '0123456789') = ''
                    and length(ltrim({{ text_value }}, '0')) <= 15
                    then cast({{ text_value }} as bigint)
            end
    end
{%- endmacro %}
