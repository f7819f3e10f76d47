{# A query for the days of a system whose raw rows this build counts. #}
{% macro examined_days(source_system) -%}
    select distinct day from {{ build_relation_named('examined_days') }}
    where source_system = {{ sql_text(source_system) }} and day is not null
{%- endmacro %}
