{# Where the totals of a system's raw rows stand, counted in the transaction that read those rows. #}
{% macro audited_totals(source_system) -%}
    {%- set audit = ref('audit_' ~ source_system ~ '__raw_totals') -%}
    {{ return(adapter.dispatch('audited_totals', 'usage_warehouse')(audit, source_system)) }}
{%- endmacro %}

{% macro default__audited_totals(audit, source_system) -%}
    {{ return(audit) }}
{%- endmacro %}

{% macro postgres__audited_totals(audit, source_system) -%}
    {{ return(
        audit if model.resource_type == 'unit_test'
        else build_relation_named('audited_' ~ source_system ~ '__raw_totals')
    ) }}
{%- endmacro %}
