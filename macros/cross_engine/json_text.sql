{# The JSON text of a JSON value; NULL for NULL. #}
{% macro json_text(json) -%}
    {{ return(adapter.dispatch('json_text')(json)) }}
{%- endmacro %}

{% macro postgres__json_text(json) -%}
    cast({{ json }} as text)
{%- endmacro %}
