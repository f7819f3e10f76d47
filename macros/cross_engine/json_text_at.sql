{# The non-empty JSON string under two nested keys, as text. Anything else is NULL. #}
{% macro json_text_at(json, outer_key, inner_key) -%}
    {{ return(adapter.dispatch('json_text_at')(json, outer_key, inner_key)) }}
{%- endmacro %}

{% macro postgres__json_text_at(json, outer_key, inner_key) -%}
    case
        when jsonb_typeof({{ json }} -> '{{ outer_key }}' -> '{{ inner_key }}') = 'string'
            then nullif({{ json }} -> '{{ outer_key }}' ->> '{{ inner_key }}', '')
    end
{%- endmacro %}
