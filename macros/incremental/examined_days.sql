{# A query for the days of a system on which this build looked at requests. #}
{% macro examined_days(source_system) -%}
    select day from {{ build_relation_named('examined_days') }}
    where source_system = {{ sql_text(source_system) }} and day is not null
{%- endmacro %}
