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

{# Row-level security of a table that holds no tenant's rows: every reader reads all of it. #}
{% macro share_rows(target) -%}
    {{ reset_row_security(target) }}
    create policy all_readers_read on {{ target }}
        for select to {{ adapter.quote(var('api_role')) }}, {{ adapter.quote(var('bi_role')) }}
        using (true);
{%- endmacro %}

{# Row-level security on, none of our policies left: nobody but the owner reads a row from here. #}
{% macro reset_row_security(target) -%}
    alter table {{ target }} enable row level security;
    drop policy if exists api_reads_its_scope on {{ target }};
    drop policy if exists bi_reads_its_tenants on {{ target }};
    drop policy if exists all_readers_read on {{ target }};
{%- endmacro %}

{# Names of the policies that publishing makes, as a list of SQL literals. #}
{% macro own_policy_names() -%}
    'api_reads_its_scope', 'bi_reads_its_tenants', 'all_readers_read'
{%- endmacro %}

{# A setting of the running transaction, or NULL where the API did not make it. #}
{% macro setting(name) -%}
    current_setting('usage_warehouse.{{ name }}', true)
{%- endmacro %}
