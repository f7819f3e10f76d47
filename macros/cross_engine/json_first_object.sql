{# The JSON object under the first of the keys that has one, else NULL. #}
{% macro json_first_object(json, keys) -%}
    {{ return(adapter.dispatch('json_first_object')(json, keys)) }}
{%- endmacro %}

{% macro postgres__json_first_object(json, keys) -%}
    case
        {%- for key in keys %}
        when jsonb_typeof({{ json }} -> '{{ key }}') = 'object' then {{ json }} -> '{{ key }}'
        {%- endfor %}
    end
{%- endmacro %}
