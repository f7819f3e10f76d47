{#
    Everything that decides who may read what, made where it is missing: the roles of the API and of
    BI logins, API keys, and which BI login may read which tenant. Runs with every publication,
    so that it must be cheap, and must not take locks that readers would feel.
#}
{% macro ensure_access_objects() -%}
    {{ ensure_reader_role(var('api_role')) }}
    {{ ensure_reader_role(var('bi_role')) }}
    {{ ensure_may_become(var('api_role')) }}

    create schema if not exists {{ adapter.quote(var('access_schema')) }};
    create schema if not exists {{ adapter.quote(var('serving_schema')) }};
    {{ ensure_api_keys() }}
    {{ ensure_authenticate_api_key() }}
    {{ ensure_role_tenants() }}

    grant usage on schema {{ adapter.quote(var('access_schema')) }}
        to {{ adapter.quote(var('api_role')) }};
    grant usage on schema {{ adapter.quote(var('serving_schema')) }}
        to {{ adapter.quote(var('api_role')) }}, {{ adapter.quote(var('bi_role')) }};
{%- endmacro %}

{#
    Why the two reader roles cannot be had or trusted, or nothing. Roles belong to the whole server:
    they may exist from another database, and making them is a right that not every login has.
#}
{% macro reason_access_is_impossible() -%}
    {%- set query -%}
        select
            wanted.role_name,
            role.rolname is not null as is_there,
            coalesce(role.rolsuper or role.rolbypassrls, false) as ignores_row_security,
            maker.rolsuper or maker.rolcreaterole as may_create,
            current_user as maker_name
        from (
            values ({{ sql_text(var('api_role')) }}), ({{ sql_text(var('bi_role')) }})
        ) as wanted (role_name)
        left join pg_catalog.pg_roles as role on wanted.role_name = role.rolname
        inner join pg_catalog.pg_roles as maker on maker.rolname = current_user
        order by wanted.role_name
    {%- endset -%}
    {%- set remedy = [] -%}
    {%- for role in run_query(query).rows -%}
        {%- set name = adapter.quote(role.role_name) -%}
        {%- if role.ignores_row_security -%}
            {{ return(
                'the role ' ~ role.role_name ~ ' is not held by row-level security, so it would '
                ~ 'read all tenants; let an administrator run: '
                ~ 'alter role ' ~ name ~ ' nosuperuser nobypassrls'
            ) }}
        {%- elif not role.is_there and not role.may_create -%}
            {%- set membership = 'inherit false, set true' if role.role_name == var('api_role')
                else 'admin true, inherit false, set false' -%}
            {%- do remedy.append(
                'create role ' ~ name ~ ' nologin; grant ' ~ name ~ ' to '
                ~ adapter.quote(role.maker_name) ~ ' with ' ~ membership
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if remedy -%}
        {{ return(
            'the reader roles are missing and this login may not create roles; let an '
            ~ 'administrator run: ' ~ remedy | join('; ')
        ) }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{#
    A role that nobody logs in as and that owns nothing. Another database of this server may be
    making the same role right now; whoever comes second finds it there.
#}
{% macro ensure_reader_role(role_name) -%}
    do $role$ begin
        if to_regrole({{ sql_text(adapter.quote(role_name)) }}) is null then
            create role {{ adapter.quote(role_name) }} nologin;
        end if;
    exception when duplicate_object or unique_violation then
        null;
    end $role$;
{%- endmacro %}

{#
    Lets the login that builds also act as the API (set role), which is how the API starts when it
    uses the same login. Since Postgres 16 whoever creates a role administers it but may not
    become it. Not inherited: the build must not gain or lose rights by it. Without the right
    to grant this, it is left alone: the API may well have a login of its own.
#}
{% macro ensure_may_become(role_name) -%}
    do $membership$ begin
        if not pg_has_role(current_user, {{ sql_text(role_name) }}, 'set')
            and pg_has_role(current_user, {{ sql_text(role_name) }}, 'member with admin option')
        then
            grant {{ adapter.quote(role_name) }} to current_user with inherit false, set true;
        end if;
    end $membership$;
{%- endmacro %}

{# Lets both reader roles select from a table; which rows they get is up to its policies. #}
{% macro grant_reading(target) -%}
    grant select on {{ target }}
        to {{ adapter.quote(var('api_role')) }}, {{ adapter.quote(var('bi_role')) }};
{%- endmacro %}

{# The SQL name of an object in the access schema, which no reader may look into. #}
{% macro access_object(name) -%}
    {{ return(adapter.quote(var('access_schema')) ~ '.' ~ adapter.quote(name)) }}
{%- endmacro %}
