{# Whole milliseconds from one timestamp to another, as bigint; NULL when either is NULL. #}
{% macro milliseconds_between(start_time, end_time) -%}
    {{ return(adapter.dispatch('milliseconds_between')(start_time, end_time)) }}
{%- endmacro %}

{% macro postgres__milliseconds_between(start_time, end_time) -%}
    cast(round(extract(epoch from {{ end_time }} - {{ start_time }}) * 1000) as bigint)
{%- endmacro %}
