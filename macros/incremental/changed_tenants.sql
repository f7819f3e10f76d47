{# A query for the tenants in which any request differs from what is published. #}
{% macro changed_tenants() -%}
    select distinct source_system, organization_id from {{ build_relation_named('int_rebuilt_days') }}
{%- endmacro %}
