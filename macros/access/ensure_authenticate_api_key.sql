{#
    The only thing the API role may do with keys: show a digest and learn whose key it is. It runs
    as the owner of the keys, so its search path is pinned; it answers one row or none.
#}
{% macro ensure_authenticate_api_key() -%}
    {%- set signature = access_object('authenticate_api_key') ~ '(bytea)' -%}
    create or replace function {{ access_object('authenticate_api_key') }}(secret_hash bytea)
    returns table (
        key_id text,
        role text,
        source_system text,
        organization_id text,
        project_id text,
        status text
    )
    language sql
    stable
    strict
    security definer
    rows 1
    set search_path = pg_catalog, pg_temp
    as $authenticate$
        select
            api_key.key_id,
            api_key.role,
            api_key.source_system,
            api_key.organization_id,
            api_key.project_id,
            case
                when api_key.revoked_at is not null then 'revoked'
                when api_key.expires_at <= statement_timestamp() then 'expired'
                else 'active'
            end
        from {{ access_object('api_keys') }} as api_key
        where api_key.secret_hash = authenticate_api_key.secret_hash
    $authenticate$;
    comment on function {{ signature }} is 'Whose API key has this SHA-256 digest, and its status '
        '(active, expired or revoked); no row for an unknown key.';
    revoke all on function {{ signature }} from public;
    grant execute on function {{ signature }} to {{ adapter.quote(var('api_role')) }};
{%- endmacro %}
