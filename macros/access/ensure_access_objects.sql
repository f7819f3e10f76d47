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
