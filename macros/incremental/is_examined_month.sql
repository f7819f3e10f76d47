{# Whether raw rows of the month of a row were looked at by this build, of the system of that row. #}
{% macro is_examined_month(relation) -%}
    exists (
        select from {{ build_relation_named('examined_months') }} as examined
        where examined.source_system = {{ relation }}.source_system
            and examined.month = {{ relation }}.month
    )
{%- endmacro %}
