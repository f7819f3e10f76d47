{# A query for a mart's rows of the tenants in which any request differs; in a full build, for all. #}
{% macro rows_of_changed_tenants(mart) -%}
    {%- if not builds_slices() -%}
    select * from {{ mart }}
    {%- else -%}
    select rows_of_mart.*
    from ({{ changed_tenants() }}) as tenant
    inner join {{ mart }} as rows_of_mart
        on
            tenant.source_system = rows_of_mart.source_system
            and tenant.organization_id = rows_of_mart.organization_id
    {%- endif -%}
{%- endmacro %}
