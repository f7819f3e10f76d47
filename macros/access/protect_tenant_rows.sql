{#
    Row-level security of a table whose rows belong to tenants. The API says per transaction for
    whom it reads; a BI login reads the tenants granted to it, whatever it may have set.
    Each subquery is there to be evaluated once per query rather than once per row; and whole
    conditions stand in them, as the planner would otherwise expect next to no rows to pass.
#}
{% macro protect_tenant_rows(target) -%}
    {{ reset_row_security(target) }}
    create policy api_reads_its_scope on {{ target }}
        for select to {{ adapter.quote(var('api_role')) }}
        using (
            (select {{ setting('scope') }} = 'admin')
            or (
                (select {{ setting('scope') }} = 'member')
                and source_system = (select {{ setting('source_system') }})
                and organization_id = (select {{ setting('organization_id') }})
            )
        );
    create policy bi_reads_its_tenants on {{ target }}
        for select to {{ adapter.quote(var('bi_role')) }}
        using (
            (source_system, organization_id) in (
                select readable.source_system, readable.organization_id
                from {{ serving_relation('readable_tenants') }} as readable
            )
        );
{%- endmacro %}
