-- One evaluation run per awkward case, told in run_name as 'awkward/<case>'.
insert into evaluation_run (
    id, run_name, dataset_name, dataset_id, type, providers, config_id, config_version, status,
    run_mode, total_items, error_message, cost, organization_id, project_id, inserted_at, updated_at
)
with

type_cases (label, type) as (
    values
        ('type-text', 'text'),
        ('type-upper-case', 'STT'),
        ('type-mixed-case', 'Tts'),
        ('type-spaces', ' stt '),
        ('type-empty', ''),
        ('type-assessment', 'assessment'),
        ('type-assessment-odd-case', 'Assessment'),
        ('type-unknown', 'translation')
),

cost_cases (label, cost) as (
    values
        ('cost-null', null),
        ('cost-json-null', 'null'),
        ('cost-array', '[1.25]'),
        ('cost-not-an-object', '"1.25"'),
        ('cost-missing', '{"currency": "USD"}'),
        ('cost-number', '{"total_cost_usd": 1.25}'),
        ('cost-number-exponent', '{"total_cost_usd": 5e-4}'),
        ('cost-number-negative', '{"total_cost_usd": -0.25}'),
        ('cost-text', '{"total_cost_usd": "0.75"}'),
        ('cost-text-integer', '{"total_cost_usd": "3"}'),
        ('cost-text-exponent', '{"total_cost_usd": "1.5e-3"}'),
        ('cost-text-exponent-upper-case', '{"total_cost_usd": "2E+1"}'),
        ('cost-text-negative', '{"total_cost_usd": "-0.5"}'),
        ('cost-text-positive', '{"total_cost_usd": "+0.25"}'),
        ('cost-text-not-a-number', '{"total_cost_usd": "NaN"}'),
        ('cost-text-infinity', '{"total_cost_usd": "Infinity"}'),
        ('cost-text-huge', '{"total_cost_usd": "1e400"}'),
        ('cost-text-letters', '{"total_cost_usd": "abc"}'),
        ('cost-text-comma', '{"total_cost_usd": "1,5"}'),
        ('cost-text-hexadecimal', '{"total_cost_usd": "0x10"}'),
        ('cost-text-empty', '{"total_cost_usd": ""}'),
        ('cost-object', '{"total_cost_usd": {"amount": 1.25}}'),
        ('cost-boolean', '{"total_cost_usd": true}'),
        ('cost-value-null', '{"total_cost_usd": null}')
),

provider_cases (label, providers) as (
    values
        ('providers-null', null),
        ('providers-json-null', 'null'),
        ('providers-object', '{"0": "gpt-4o"}'),
        ('providers-text', '"gpt-4.1"'),
        ('providers-empty', '[]'),
        ('providers-number-first', '[42, "gpt-4.1"]'),
        ('providers-null-first', '[null, "gpt-4.1"]'),
        ('providers-array-first', '[["gpt-4.1"]]'),
        ('providers-empty-text-first', '["", "gpt-4.1"]'),
        ('model-found', '["gpt-4.1", "scribe_v1"]'),
        ('model-inactive', '["gpt-3.5-turbo"]'),
        ('model-ambiguous', '["shared-voice"]'),
        ('model-ambiguous-one-inactive', '["shared-half-active"]'),
        ('model-under-native-only', '["native-only"]'),
        ('model-under-both-names', '["gpt-4o"]'),
        ('model-of-unpriced-provider', '["claude-sonnet-4"]'),
        ('model-odd-case', '["GPT-4.1"]'),
        ('model-not-listed', '["gpt-unreleased"]')
),

config_cases (label, config_key, config_version) as (
    values
        ('config-wins-over-model', 'says-google', 1),
        ('config-soft-deleted', 'soft-deleted', 1),
        ('config-version-absent', 'says-google', 2),
        ('config-version-null', 'says-google', null),
        ('config-id-null', null, 1),
        ('config-id-absent', 'never-stored', 1),
        ('config-provider-number', 'provider-number', 1),
        ('config-provider-json-null', 'provider-json-null', 1),
        ('config-provider-object', 'provider-object', 1),
        ('config-provider-empty', 'provider-empty', 1),
        ('config-provider-unknown', 'provider-unknown', 1),
        ('config-provider-native', 'provider-native', 1),
        ('config-provider-only-suffix', 'provider-only-suffix', 1),
        ('config-provider-native-twice', 'provider-native-twice', 1),
        ('config-provider-native-inside', 'provider-native-inside', 1),
        ('config-provider-odd-case', 'provider-odd-case', 1),
        ('config-completion-missing', 'completion-missing', 1),
        ('config-completion-text', 'completion-text', 1),
        ('config-blob-array', 'blob-array', 1),
        ('config-second-version', 'two-versions', 2)
),

moment_cases (label, evaluated_at) as (
    values
        ('month-first-instant', date_trunc('month', cast(%(until)s as timestamp))),
        (
            'month-last-instant',
            date_trunc('month', cast(%(until)s as timestamp)) - interval '1 microsecond'
        ),
        (
            'window-first-instant',
            date_trunc('month', cast(%(until)s as timestamp)) - interval '24 months'
        ),
        (
            'before-window-last-instant',
            date_trunc('month', cast(%(until)s as timestamp))
            - interval '24 months'
            - interval '1 microsecond'
        )
),

cases as (
    select
        label,
        type,
        '["gpt-4.1"]' as providers,
        cast(null as text) as config_key,
        cast(null as integer) as config_version,
        '{"total_cost_usd": 0.5}' as cost,
        cast(null as timestamp) as evaluated_at
    from type_cases
    union all
    select
        label,
        'text' as type,
        '["gpt-4.1"]' as providers,
        null as config_key,
        null as config_version,
        cost,
        null as evaluated_at
    from cost_cases
    union all
    select
        label,
        'stt' as type,
        providers,
        null as config_key,
        null as config_version,
        '{"total_cost_usd": 0.5}' as cost,
        null as evaluated_at
    from provider_cases
    union all
    select
        label,
        'tts' as type,
        '["gpt-4.1"]' as providers,
        config_key,
        config_version,
        '{"total_cost_usd": 0.5}' as cost,
        null as evaluated_at
    from config_cases
    union all
    select
        label,
        'text' as type,
        '["gpt-4.1"]' as providers,
        null as config_key,
        null as config_version,
        '{"total_cost_usd": 0.5}' as cost,
        evaluated_at
    from moment_cases
),

hashed as materialized (
    select
        label,
        type,
        providers,
        config_version,
        cost,
        evaluated_at,
        row_number() over (order by cast(label as bytea)) as case_number,
        pg_temp.sample_hash(cast(%(seed)s as bigint), 'awkward_evaluation', label) as hash,
        case
            when config_key is not null
                then pg_temp.sample_hash(cast(%(seed)s as bigint), 'config', config_key)
        end as config_hash
    from cases
),

first_projects as (
    select
        organization_id,
        min(id) as project_id
    from project
    where organization_id <= 3
    group by 1
),

final as (
    select
        cast(hashed.case_number as integer) as id,
        'awkward/' || hashed.label as run_name,
        'Awkward cases' as dataset_name,
        1 as dataset_id,
        hashed.type,
        cast(hashed.providers as jsonb) as providers,
        case when hashed.config_hash is not null then pg_temp.sample_uuid(hashed.config_hash) end
            as config_id,
        hashed.config_version,
        (array['completed', 'failed', 'processing', 'pending'])[
            1 + mod(get_byte(hashed.hash, 21), 4)
        ] as status,
        'batch' as run_mode,
        10 as total_items,
        cast(null as text) as error_message,
        cast(hashed.cost as jsonb) as cost,
        first_projects.organization_id,
        first_projects.project_id,
        coalesce(
            hashed.evaluated_at,
            cast(%(until)s as timestamp)
            - interval '3 days'
            - mod(pg_temp.sample_draw_31_bits(hashed.hash, 16), 31000000) * interval '1 second'
        ) as inserted_at
    from hashed
    inner join first_projects
        on first_projects.organization_id = 1 + mod(get_byte(hashed.hash, 20), 3)
)

select
    id,
    run_name,
    dataset_name,
    dataset_id,
    type,
    providers,
    config_id,
    config_version,
    status,
    run_mode,
    total_items,
    error_message,
    cost,
    organization_id,
    project_id,
    inserted_at,
    inserted_at as updated_at
from final
