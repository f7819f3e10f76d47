{# Whether raw rows of the month of a row were looked at by this build, of the system of that row. #}
{% macro is_examined_month(relation, month=none) -%}
    exists (
        select from {{ build_relation_named('examined_days') }} as examined
        where examined.source_system = {{ relation }}.source_system collate "C"
            and cast(date_trunc('month', examined.day) as date) = {{ month or relation ~ '.month' }}
    )
{%- endmacro %}
