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
