{#
    Everything that decides who may read what, made where it is missing: the roles of the API and of
    BI logins, API keys, and which BI login may read which tenant. Runs with every publication,
    so that it must be cheap, and must not take locks that readers would feel.
#}
{% macro ensure_access_objects() -%}
    {{ ensure_reader_role(var('api_role')) }}
    {{ ensure_reader_role(var('bi_role')) }}
    {{ ensure_may_become(var('api_role')) }}

    create schema if not exists {{ adapter.quote(warehouse_schema('access')) }};
    create schema if not exists {{ adapter.quote(warehouse_schema('serving')) }};
    {{ ensure_api_keys() }}
    {{ ensure_authenticate_api_key() }}
    {{ ensure_role_tenants() }}

    grant usage on schema {{ adapter.quote(warehouse_schema('access')) }}
        to {{ adapter.quote(var('api_role')) }};
    grant usage on schema {{ adapter.quote(warehouse_schema('serving')) }}
        to {{ adapter.quote(var('api_role')) }}, {{ adapter.quote(var('bi_role')) }};
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
    {{ return(adapter.quote(warehouse_schema('access')) ~ '.' ~ adapter.quote(name)) }}
{%- endmacro %}
