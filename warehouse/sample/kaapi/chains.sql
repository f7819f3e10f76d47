-- Chains number first_row to last_row with the up to four calls of each, in one statement, as both
-- follow from the same draws. Reports the number of calls.
with

hashed as materialized (
    select
        numbered.starts_at,
        numbered.length_us,
        numbered.row_number as chain_number,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'llm_chain', cast(numbered.row_number as text)
        ) as hash,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'llm_chain_job', cast(numbered.row_number as text)
        ) as job_hash
    from pg_temp.sample_rows(
        'llm_chain', cast(%(first_row)s as bigint), cast(%(last_row)s as bigint)
    ) as numbered
),

timed as (
    select
        chain_number,
        hash,
        job_hash,
        1 + (get_byte(hash, 22) & 3) as total_blocks,
        pg_temp.sample_instant(hash, 16, starts_at, length_us) as inserted_at
    from hashed
),

-- Only a chain of the last day can still be waiting or at work.
judged as (
    select
        chain_number,
        hash,
        job_hash,
        total_blocks,
        inserted_at,
        case
            when
                inserted_at > cast(%(until)s as timestamp) - interval '1 day'
                and get_byte(hash, 23) < 20
                then 'pending'
            when
                inserted_at > cast(%(until)s as timestamp) - interval '1 day'
                and get_byte(hash, 23) < 60
                then 'running'
            when get_byte(hash, 23) < 18 then 'failed'
            else 'completed'
        end as status
    from timed
),

chains as materialized (
    select
        judged.chain_number,
        pg_temp.sample_uuid(judged.hash) as id,
        pg_temp.sample_uuid(judged.job_hash) as job_id,
        project.organization_id,
        project.project_id,
        judged.status,
        judged.total_blocks,
        case judged.status
            when 'completed' then judged.total_blocks
            when 'pending' then 0
            else judged.total_blocks - 1
        end as processed_blocks,
        judged.inserted_at
    from judged
    inner join sample_project_picks as project
        on project.pick = pg_temp.sample_draw_12_bits(judged.hash, 20)
),

call_hashes as materialized (
    select
        chains.chain_number,
        block.number as block_number,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint),
            'llm_chain_call',
            chains.chain_number || '/' || block.number
        ) as hash
    from chains
    cross join lateral generate_series(1, chains.processed_blocks) as block (number)
),

calls as materialized (
    select
        chains.chain_number,
        call_hashes.block_number,
        call_hashes.hash,
        pg_temp.sample_uuid(call_hashes.hash) as id,
        chains.id as chain_id,
        chains.job_id,
        chains.organization_id,
        chains.project_id,
        traffic.input_type,
        traffic.output_type,
        traffic.provider,
        traffic.model,
        pg_temp.sample_draw_tokens(call_hashes.hash, 24, traffic.input_scale) as input_tokens,
        pg_temp.sample_draw_tokens(call_hashes.hash, 26, traffic.output_scale) as output_tokens,
        least(
            chains.inserted_at + call_hashes.block_number * interval '2300 milliseconds',
            cast(%(until)s as timestamp)
        ) as inserted_at
    from call_hashes
    inner join chains
        on chains.chain_number = call_hashes.chain_number
    inner join sample_traffic_picks as traffic
        on traffic.pick = pg_temp.sample_draw_12_bits(call_hashes.hash, 22)
),

call_totals as (
    select
        chain_number,
        jsonb_agg(cast(id as text) order by block_number) as block_sequences,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        max(inserted_at) as updated_at
    from calls
    group by 1
),

inserted_chains as (
    insert into llm_chain (
        id, job_id, organization_id, project_id, status, error, block_sequences, total_blocks,
        number_of_blocks_processed, total_usage, inserted_at, updated_at
    )
    select
        chains.id,
        chains.job_id,
        chains.organization_id,
        chains.project_id,
        chains.status,
        case when chains.status = 'failed' then 'Provider did not answer in time' end as error,
        case
            when chains.status <> 'pending'
                then coalesce(call_totals.block_sequences, cast('[]' as jsonb))
        end as block_sequences,
        chains.total_blocks,
        chains.processed_blocks as number_of_blocks_processed,
        case
            when chains.status = 'completed'
                then jsonb_build_object(
                    'input_tokens', call_totals.input_tokens,
                    'output_tokens', call_totals.output_tokens,
                    'total_tokens', call_totals.input_tokens + call_totals.output_tokens
                )
        end as total_usage,
        chains.inserted_at,
        coalesce(call_totals.updated_at, chains.inserted_at) as updated_at
    from chains
    left join call_totals
        on call_totals.chain_number = chains.chain_number
)

insert into llm_call (
    id, job_id, organization_id, project_id, chain_id, input_type, output_type, provider, model,
    provider_response_id, conversation_id, usage, inserted_at, updated_at, deleted_at
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
    'resp_' || encode(substring(hash from 17 for 12), 'hex') as provider_response_id,
    cast(null as varchar) as conversation_id,
    jsonb_build_object(
        'input_tokens', input_tokens,
        'output_tokens', output_tokens,
        'total_tokens', input_tokens + output_tokens
    ) as usage,
    inserted_at,
    inserted_at as updated_at,
    case when get_byte(hash, 29) < 3 then inserted_at end as deleted_at
from calls
