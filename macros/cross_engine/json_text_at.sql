{# The non-empty JSON string under nested keys, as text. Anything else is NULL. #}
{% macro json_text_at(json, keys) -%}
    {{ return(adapter.dispatch('json_text_at')(json, keys)) }}
{%- endmacro %}

{% macro postgres__json_text_at(json, keys) -%}
    {%- set path -%} '{ {{- keys | join(',') -}} }' {%- endset -%}
    case
        when jsonb_typeof({{ json }} #> {{ path }}) = 'string'
            then nullif({{ json }} #>> {{ path }}, '')
    end
{%- endmacro %}
