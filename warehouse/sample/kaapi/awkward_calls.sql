-- One call per awkward case, told in provider_response_id as 'awkward/<case>'; present whatever the
-- number of rows. A case without a time of its own falls somewhere in the last year.
insert into llm_call (
    id, job_id, organization_id, project_id, chain_id, input_type, output_type, provider, model,
    provider_response_id, conversation_id, usage, inserted_at, updated_at, deleted_at
)
with

moments as (
    select
        cast(%(until)s as timestamp) as ends_at,
        date_trunc('month', cast(%(until)s as timestamp)) as month_starts_at,
        date_trunc('year', cast(%(until)s as timestamp)) as year_starts_at,
        (
            -- The latest leap day that is over: the eve of the first of March, where it is a 29th.
            select max(cast(make_date(march.year, 3, 1) - 1 as timestamp))
            from generate_series(
                cast(extract(year from cast(%(until)s as timestamp)) as integer) - 8,
                cast(extract(year from cast(%(until)s as timestamp)) as integer)
            ) as march (year)
            where
                extract(day from make_date(march.year, 3, 1) - 1) = 29
                and make_date(march.year, 3, 1) <= cast(%(until)s as timestamp)
        ) as leap_day_starts_at
),

usage_cases (label, usage) as (
    values
        ('usage-null', null),
        ('usage-json-null', 'null'),
        ('usage-array', '[1000, 100]'),
        ('usage-text', '"1000 tokens"'),
        ('usage-number', '1000'),
        ('usage-boolean', 'true'),
        ('usage-empty', '{}'),
        ('tokens-quoted', '{"input_tokens": "1200", "output_tokens": "80"}'),
        ('tokens-quoted-leading-zeros', '{"input_tokens": "000012", "output_tokens": "0"}'),
        ('tokens-quoted-fraction', '{"input_tokens": "12.5", "output_tokens": 100}'),
        ('tokens-quoted-sign', '{"input_tokens": "+12", "output_tokens": "-5"}'),
        ('tokens-quoted-exponent', '{"input_tokens": "1e3", "output_tokens": 100}'),
        ('tokens-quoted-spaces', '{"input_tokens": " 12 ", "output_tokens": 100}'),
        ('tokens-quoted-empty', '{"input_tokens": "", "output_tokens": 100}'),
        (
            'tokens-quoted-endless',
            '{"input_tokens": "99999999999999999999999", "output_tokens": 100}'
        ),
        ('tokens-not-available', '{"input_tokens": "n/a", "output_tokens": "n/a"}'),
        ('tokens-boolean', '{"input_tokens": true, "output_tokens": false}'),
        ('tokens-fraction', '{"input_tokens": 12.5, "output_tokens": 100}'),
        ('tokens-integral-fraction', '{"input_tokens": 12.0, "output_tokens": 100}'),
        ('tokens-json-null', '{"input_tokens": null, "output_tokens": 100}'),
        ('tokens-object', '{"input_tokens": {"text": 1000}, "output_tokens": 100}'),
        ('tokens-array', '{"input_tokens": [1000], "output_tokens": 100}'),
        ('tokens-input-missing', '{"output_tokens": 100, "total_tokens": 1100}'),
        ('tokens-output-missing', '{"input_tokens": 1000, "total_tokens": 1100}'),
        ('tokens-zero', '{"input_tokens": 0, "output_tokens": 0}'),
        (
            'tokens-total-disagrees',
            '{"input_tokens": 1000, "output_tokens": 100, "total_tokens": 7}'
        )
),

name_cases (label, provider, model) as (
    values
        ('provider-native', 'openai-native', 'gpt-4o'),
        ('provider-native-twice', 'openai-native-native', 'gpt-4o'),
        ('provider-only-suffix', '-native', 'provider-only-suffix'),
        ('provider-suffix-twice', '-native-native', 'gpt-4o'),
        ('provider-native-inside', 'x-native-y', 'gpt-4o'),
        ('provider-odd-case', 'OpenAI', 'gpt-4o'),
        ('provider-suffix-odd-case', 'openai-Native', 'gpt-4o'),
        ('provider-empty', '', 'gpt-4o'),
        ('provider-literally-unknown', 'unknown', 'gpt-4o'),
        ('provider-unpriced', 'anthropic', 'claude-sonnet-4'),
        ('provider-internal', 'kaapi-internal', 'router-v1'),
        ('model-unpriced', 'openai', 'gpt-unreleased'),
        ('model-odd-case', 'openai', 'GPT-4o'),
        ('model-empty', 'openai', ''),
        ('model-inactive', 'openai', 'gpt-3.5-turbo'),
        ('model-of-another-provider', 'google', 'gpt-4o'),
        ('model-native-only', 'openai', 'native-only'),
        ('model-native-only-called-natively', 'openai-native', 'native-only'),
        ('price-as-text', 'openai', 'price-as-text'),
        ('price-missing', 'openai', 'price-missing'),
        ('price-zero', 'openai', 'price-zero'),
        ('price-json-null', 'openai', 'price-json-null'),
        ('price-boolean', 'openai', 'price-boolean'),
        ('price-exponent', 'openai', 'price-exponent'),
        ('price-batch-only', 'openai', 'batch-only'),
        ('pricing-null', 'openai', 'pricing-null'),
        ('pricing-array', 'openai', 'pricing-array'),
        ('pricing-response-text', 'openai', 'response-text'),
        ('shared-model-google', 'google', 'shared-voice'),
        ('shared-model-sarvamai', 'sarvamai', 'shared-voice'),
        ('shared-model-elevenlabs', 'elevenlabs', 'shared-voice'),
        ('shared-model-active', 'openai', 'shared-half-active'),
        ('shared-model-inactive', 'google', 'shared-half-active')
),

modality_cases (label, input_type, output_type) as (
    values
        ('modality-text-text', 'text', 'text'),
        ('modality-audio-audio', 'audio', 'audio'),
        ('modality-audio-text', 'audio', 'text'),
        ('modality-text-audio', 'text', 'audio'),
        ('modality-text-null', 'text', null),
        ('modality-audio-null', 'audio', null),
        ('modality-text-image', 'text', 'image'),
        ('modality-image-text', 'image', 'text'),
        ('modality-image-image', 'image', 'image'),
        ('modality-pdf-text', 'pdf', 'text'),
        ('modality-multimodal-text', 'multimodal', 'text'),
        ('modality-multimodal-audio', 'multimodal', 'audio')
),

moment_cases as (
    select
        moment.label,
        moment.called_at
    from moments
    cross join lateral (
        values
            ('month-first-instant', moments.month_starts_at),
            ('month-last-instant', moments.month_starts_at - interval '1 microsecond'),
            ('previous-month-first-instant', moments.month_starts_at - interval '1 month'),
            ('year-first-instant', moments.year_starts_at),
            ('year-last-instant', moments.year_starts_at - interval '1 microsecond'),
            ('leap-day-first-instant', moments.leap_day_starts_at),
            (
                'leap-day-last-instant',
                moments.leap_day_starts_at + interval '1 day' - interval '1 microsecond'
            ),
            ('leap-day-over', moments.leap_day_starts_at + interval '1 day'),
            ('window-first-instant', moments.month_starts_at - interval '24 months'),
            (
                'before-window-last-instant',
                moments.month_starts_at - interval '24 months' - interval '1 microsecond'
            ),
            ('last-instant', moments.ends_at)
    ) as moment (label, called_at)
),

deleted_cases (label, input_type, output_type, provider) as (
    values
        ('deleted', 'text', 'text', 'openai'),
        ('deleted-native', 'text', 'text', 'openai-native'),
        ('deleted-first-of-chain', 'audio', 'text', 'openai')
),

-- First calls of the awkward chains: nothing odd about the calls themselves.
chain_cases (label, input_type, output_type, provider, model) as (
    values
        ('first-of-chain-uppercase', 'audio', 'text', 'sarvamai', 'saarika:v2.5'),
        ('first-of-chain-native', 'text', 'audio', 'elevenlabs-native', 'eleven_multilingual_v2'),
        ('first-of-chain-other', 'image', null, 'openai', 'gpt-4o')
),

cases as (
    select
        label,
        'text' as input_type,
        'text' as output_type,
        'openai' as provider,
        'gpt-4o' as model,
        usage,
        cast(null as timestamp) as called_at
    from usage_cases
    union all
    select
        label,
        'text' as input_type,
        'text' as output_type,
        provider,
        model,
        '{"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}' as usage,
        cast(null as timestamp) as called_at
    from name_cases
    union all
    select
        label,
        input_type,
        output_type,
        'google' as provider,
        'gemini-2.5-flash' as model,
        '{"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}' as usage,
        cast(null as timestamp) as called_at
    from modality_cases
    union all
    select
        label,
        'text' as input_type,
        'text' as output_type,
        'openai' as provider,
        'gpt-4o-mini' as model,
        '{"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}' as usage,
        called_at
    from moment_cases
    union all
    select
        label,
        input_type,
        output_type,
        provider,
        'gpt-4o' as model,
        '{"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}' as usage,
        cast(null as timestamp) as called_at
    from deleted_cases
    union all
    select
        label,
        input_type,
        output_type,
        provider,
        model,
        '{"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}' as usage,
        cast(null as timestamp) as called_at
    from chain_cases
),

hashed as materialized (
    select
        label,
        input_type,
        output_type,
        provider,
        model,
        usage,
        called_at,
        pg_temp.sample_hash(cast(%(seed)s as bigint), 'awkward_call', label) as hash,
        pg_temp.sample_hash(cast(%(seed)s as bigint), 'awkward_call_job', label) as job_hash
    from cases
),

-- The first project of each of the three largest organisations.
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
        pg_temp.sample_uuid(hashed.hash) as id,
        pg_temp.sample_uuid(hashed.job_hash) as job_id,
        first_projects.organization_id,
        first_projects.project_id,
        cast(null as uuid) as chain_id,
        hashed.input_type,
        hashed.output_type,
        hashed.provider,
        hashed.model,
        'awkward/' || hashed.label as provider_response_id,
        case mod(get_byte(hashed.hash, 21), 3) when 0 then '' when 1 then 'conv_awkward' end
            as conversation_id,
        cast(hashed.usage as jsonb) as usage,
        coalesce(
            hashed.called_at,
            cast(%(until)s as timestamp)
            - interval '3 days'
            - mod(pg_temp.sample_draw_31_bits(hashed.hash, 16), 31000000) * interval '1 second'
        ) as inserted_at,
        hashed.label like 'deleted%%' as is_deleted
    from hashed
    inner join first_projects
        on first_projects.organization_id = 1 + mod(get_byte(hashed.hash, 20), 3)
)

select
    id,
    job_id,
    organization_id,
    project_id,
    chain_id,
    input_type,
    output_type,
    provider,
    model,
    provider_response_id,
    conversation_id,
    usage,
    inserted_at,
    case when is_deleted then inserted_at + interval '2 days' else inserted_at end as updated_at,
    case when is_deleted then inserted_at + interval '2 days' end as deleted_at
from final
