{# The tenants in which any request differs from what is published, as a FROM item. #}
{% macro changed_tenants() -%}
    (
        select distinct source_system, organization_id
        from {{ build_relation_named('int_rebuilt_days') }}
    )
{%- endmacro %}
