-- One chain per awkward case, told in error as 'awkward/<case>'; their first calls are among the
-- awkward calls, found by the case they carry.
insert into llm_chain (
    id, job_id, organization_id, project_id, status, error, block_sequences, total_blocks,
    number_of_blocks_processed, total_usage, inserted_at, updated_at
)
with

first_calls as (
    select
        provider_response_id,
        cast(id as text) as id_text,
        organization_id,
        project_id
    from llm_call
    where provider_response_id like 'awkward/%%'
),

-- `block_sequences` holds the JSON text with <id> where the first call's id belongs.
cases (label, status, block_sequences, first_call, is_uppercase) as (
    values
        ('first-call-found', 'completed', '["<id>"]', 'modality-audio-audio', false),
        ('first-call-soft-deleted', 'completed', '["<id>"]', 'deleted-first-of-chain', false),
        ('first-call-uppercase', 'completed', '["<id>"]', 'first-of-chain-uppercase', true),
        ('first-call-native', 'completed', '["<id>"]', 'first-of-chain-native', false),
        ('first-call-other', 'failed', '["<id>"]', 'first-of-chain-other', false),
        ('first-call-provider-empty', 'completed', '["<id>"]', 'provider-empty', false),
        ('first-call-in-earlier-month', 'completed', '["<id>"]', 'month-last-instant', false),
        ('later-entries-malformed', 'completed', '["<id>", 7, null, "x"]', 'tokens-quoted', false),
        (
            'first-call-missing', 'failed',
            '["00000000-0000-4000-8000-000000000000"]', 'tokens-quoted', false
        ),
        ('first-entry-not-a-uuid', 'failed', '["block-1", "<id>"]', 'tokens-quoted', false),
        (
            'first-entry-almost-a-uuid', 'failed',
            '["g0000000-0000-4000-8000-000000000000"]', 'tokens-quoted', false
        ),
        ('first-entry-empty', 'failed', '["", "<id>"]', 'tokens-quoted', false),
        ('first-entry-json-null', 'failed', '[null, "<id>"]', 'tokens-quoted', false),
        ('first-entry-number', 'failed', '[1, "<id>"]', 'tokens-quoted', false),
        ('first-entry-object', 'failed', '[{"id": "<id>"}]', 'tokens-quoted', false),
        ('first-entry-array', 'failed', '[["<id>"]]', 'tokens-quoted', false),
        ('sequence-null', 'pending', null, 'tokens-quoted', false),
        ('sequence-json-null', 'pending', 'null', 'tokens-quoted', false),
        ('sequence-empty', 'running', '[]', 'tokens-quoted', false),
        ('sequence-object', 'running', '{"0": "<id>"}', 'tokens-quoted', false),
        ('sequence-text', 'running', '"<id>"', 'tokens-quoted', false),
        ('sequence-number', 'failed', '12', 'tokens-quoted', false),
        ('month-first-instant', 'completed', '["<id>"]', 'month-first-instant', false),
        ('month-last-instant', 'completed', '["<id>"]', 'month-last-instant', false),
        ('window-first-instant', 'completed', '["<id>"]', 'window-first-instant', false),
        ('before-window-last-instant', 'completed', '["<id>"]', 'before-window-last-instant', false)
),

hashed as materialized (
    select
        label,
        status,
        block_sequences,
        first_call,
        is_uppercase,
        pg_temp.sample_hash(cast(%(seed)s as bigint), 'awkward_chain', label) as hash,
        pg_temp.sample_hash(cast(%(seed)s as bigint), 'awkward_chain_job', label) as job_hash,
        date_trunc('month', cast(%(until)s as timestamp)) as month_starts_at
    from cases
),

final as (
    select
        pg_temp.sample_uuid(hashed.hash) as id,
        pg_temp.sample_uuid(hashed.job_hash) as job_id,
        first_calls.organization_id,
        first_calls.project_id,
        hashed.status,
        'awkward/' || hashed.label as error,
        cast(
            replace(
                hashed.block_sequences,
                '<id>',
                case
                    when hashed.is_uppercase then upper(first_calls.id_text)
                    else first_calls.id_text
                end
            ) as jsonb
        ) as block_sequences,
        1 as total_blocks,
        case when hashed.status = 'completed' then 1 else 0 end as number_of_blocks_processed,
        case when hashed.status = 'completed' then cast('{"total_tokens": 1100}' as jsonb) end
            as total_usage,
        case hashed.label
            when 'month-first-instant' then hashed.month_starts_at
            when 'month-last-instant' then hashed.month_starts_at - interval '1 microsecond'
            when 'first-call-in-earlier-month' then hashed.month_starts_at
            when 'window-first-instant' then hashed.month_starts_at - interval '24 months'
            when 'before-window-last-instant'
                then hashed.month_starts_at - interval '24 months' - interval '1 microsecond'
            else
                cast(%(until)s as timestamp)
                - interval '3 days'
                - mod(pg_temp.sample_draw_31_bits(hashed.hash, 16), 31000000) * interval '1 second'
        end as inserted_at
    from hashed
    inner join first_calls
        on first_calls.provider_response_id = 'awkward/' || hashed.first_call
)

select
    id,
    job_id,
    organization_id,
    project_id,
    status,
    error,
    block_sequences,
    total_blocks,
    number_of_blocks_processed,
    total_usage,
    inserted_at,
    inserted_at as updated_at
from final
