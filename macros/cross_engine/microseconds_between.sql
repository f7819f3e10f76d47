{# Whole microseconds from one timestamp to another, as bigint; NULL when either is NULL. #}
{% macro microseconds_between(start_time, end_time) -%}
    {{ return(adapter.dispatch('microseconds_between')(start_time, end_time)) }}
{%- endmacro %}

{% macro postgres__microseconds_between(start_time, end_time) -%}
    cast(extract(epoch from {{ end_time }} - {{ start_time }}) * 1000000 as bigint)
{%- endmacro %}
