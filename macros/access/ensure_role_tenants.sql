{#
    Which BI login may read which tenant. A login sees its own rows of it through a view: the
    policies of the marts need them, and the table itself would show who else reads what.
    Settings would not do in place of the table, as everyone who writes SQL can change them.
#}
{% macro ensure_role_tenants() -%}
    {%- set role_tenants = access_object('role_tenants') -%}
    {%- set readable_tenants = serving_relation('readable_tenants') -%}
    create table if not exists {{ role_tenants }} (
        role_name name not null,
        source_system text collate "C" not null,
        organization_id text collate "C" not null,
        granted_at timestamptz not null default statement_timestamp(),
        primary key (role_name, source_system, organization_id)
    );
    comment on table {{ role_tenants }} is 'One row per BI login and tenant it may read.';

    do $view$ begin
        -- `create or replace` would wait for every BI query, and make every later one wait.
        if to_regclass({{ sql_text(readable_tenants) }}) is null then
            create view {{ readable_tenants }} with (security_barrier) as
                select role_tenant.source_system, role_tenant.organization_id
                from {{ role_tenants }} as role_tenant
                where role_tenant.role_name = current_user;
            comment on view {{ readable_tenants }} is 'The tenants whose rows this login may read.';
        end if;
    end $view$;
    grant select on {{ readable_tenants }} to {{ adapter.quote(var('bi_role')) }};
{%- endmacro %}
