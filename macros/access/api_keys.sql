{#
    Keys of API callers. Only a digest of the key is kept: a key is 256 random bits, so that
    nothing slower than SHA-256 is needed to keep a stolen table useless.
#}
{% macro ensure_api_keys() -%}
    {%- set api_keys = access_object('api_keys') -%}
    create table if not exists {{ api_keys }} (
        key_id text collate "C" primary key,
        secret_hash bytea not null unique check (octet_length(secret_hash) = 32),
        label text,
        role text collate "C" not null check (role in ('admin', 'member')),
        source_system text collate "C",
        organization_id text collate "C",
        project_id text collate "C",
        created_at timestamptz not null default statement_timestamp(),
        expires_at timestamptz,
        revoked_at timestamptz,
        constraint member_has_a_tenant_and_admin_has_none check (
            case role
                when 'member' then source_system is not null and organization_id is not null
                else num_nonnulls(source_system, organization_id, project_id) = 0
            end
        ),
        constraint expires_after_creation check (expires_at > created_at),
        constraint revoked_after_creation check (revoked_at >= created_at)
    );
    comment on table {{ api_keys }} is 'One row per API key ever made. The key itself is not here: '
        'secret_hash is the SHA-256 digest of its whole text.';
    comment on column {{ api_keys }}.project_id is 'The project a member''s answers are '
        'narrowed to unless the caller asks for another of the organization.';
{%- endmacro %}

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
