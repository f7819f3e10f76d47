{# Where the totals of a system's raw rows stand, counted in the transaction that read those rows. #}
{% macro audited_totals(source_system) -%}
    {%- set audit = ref('audit_' ~ source_system ~ '__raw_totals') -%}
    {{ return(
        audit if model.resource_type == 'unit_test' or target.type != 'postgres'
        else build_relation_named('audited_' ~ source_system ~ '__raw_totals')
    ) }}
{%- endmacro %}
