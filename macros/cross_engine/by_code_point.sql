{# A text to sort by: in the order of its code points, whatever the database's own order is. #}
{% macro by_code_point(text_value) -%}
    {{ return(adapter.dispatch('by_code_point')(text_value)) }}
{%- endmacro %}

{% macro postgres__by_code_point(text_value) -%}
    {{ text_value }} collate "C"
{%- endmacro %}
