{# A mart's published rows of the tenants in which no request differs, as a FROM item. #}
{% macro published_rows_of_other_tenants(mart) -%}
    (
        select published.*
        from {{ serving_relation(mart) }} as published
        where not exists (
            select from {{ changed_tenants() }} as tenant
            where tenant.source_system = published.source_system
                and tenant.organization_id = published.organization_id
        )
    ) as published
{%- endmacro %}
