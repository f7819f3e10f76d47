{# Whether raw rows of the day of a row, or those of no day, were counted by this build. #}
{% macro is_examined_day(relation) -%}
    exists (
        select from {{ build_relation_named('examined_days') }} as examined
        where examined.source_system = {{ relation }}.source_system collate "C"
            and examined.day is not distinct from {{ relation }}.day
    )
{%- endmacro %}
