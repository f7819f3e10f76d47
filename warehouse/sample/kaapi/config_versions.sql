-- Stored configurations: one per awkward case, told in commit_message, and forty ordinary ones in
-- three versions each. Evaluation runs refer to them by config_id and version.
insert into config_version (
    id, config_id, version, config_blob, commit_message, inserted_at, updated_at, deleted_at
)
with

cases (config_key, version, config_blob, is_deleted) as (
    values
        ('says-google', 1, '{"completion": {"provider": "google", "model": "gpt-4o"}}', false),
        ('soft-deleted', 1, '{"completion": {"provider": "elevenlabs"}}', true),
        ('provider-number', 1, '{"completion": {"provider": 42}}', false),
        ('provider-json-null', 1, '{"completion": {"provider": null}}', false),
        ('provider-object', 1, '{"completion": {"provider": {"name": "google"}}}', false),
        ('provider-empty', 1, '{"completion": {"provider": ""}}', false),
        ('provider-unknown', 1, '{"completion": {"provider": "unknown"}}', false),
        ('provider-native', 1, '{"completion": {"provider": "sarvamai-native"}}', false),
        ('provider-only-suffix', 1, '{"completion": {"provider": "-native"}}', false),
        ('provider-native-twice', 1, '{"completion": {"provider": "google-native-native"}}', false),
        ('provider-native-inside', 1, '{"completion": {"provider": "x-native-y"}}', false),
        ('provider-odd-case', 1, '{"completion": {"provider": "OpenAI"}}', false),
        ('completion-missing', 1, '{"prompt": {"provider": "google"}}', false),
        ('completion-text', 1, '{"completion": "google"}', false),
        ('blob-array', 1, '[{"completion": {"provider": "google"}}]', false),
        ('two-versions', 1, '{"completion": {"provider": "google"}}', false),
        ('two-versions', 2, '{"completion": {"provider": "elevenlabs"}}', false)
),

regular as (
    select
        'regular ' || config.number as config_key,
        version.number as version,
        jsonb_build_object(
            'completion', jsonb_build_object(
                'provider', (array[
                    'openai', 'google', 'openai-native', 'sarvamai', 'elevenlabs'
                ])[1 + mod(config.number, 5)],
                'params', jsonb_build_object('temperature', 0.1 * version.number)
            )
        ) as config_blob,
        'Version ' || version.number as commit_message,
        false as is_deleted
    from generate_series(1, 40) as config (number)
    cross join generate_series(1, 3) as version (number)
),

combined as (
    select
        config_key,
        version,
        cast(config_blob as jsonb) as config_blob,
        'awkward/' || config_key as commit_message,
        is_deleted
    from cases
    union all
    select
        config_key,
        version,
        config_blob,
        commit_message,
        is_deleted
    from regular
),

hashed as (
    select
        version,
        config_blob,
        commit_message,
        is_deleted,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'config_version', config_key || '/' || version
        ) as version_hash,
        pg_temp.sample_hash(cast(%(seed)s as bigint), 'config', config_key) as config_hash,
        cast(%(until)s as timestamp) - interval '27 months' + version * interval '1 day'
            as inserted_at
    from combined
),

final as (
    select
        pg_temp.sample_uuid(version_hash) as id,
        pg_temp.sample_uuid(config_hash) as config_id,
        version,
        config_blob,
        commit_message,
        inserted_at,
        inserted_at as updated_at,
        case when is_deleted then inserted_at + interval '90 days' end as deleted_at
    from hashed
)

select
    id,
    config_id,
    version,
    config_blob,
    commit_message,
    inserted_at,
    updated_at,
    deleted_at
from final
