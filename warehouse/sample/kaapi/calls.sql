-- Calls number first_row to last_row of those that run outside a chain.
insert into llm_call (
    id, job_id, organization_id, project_id, chain_id, input_type, output_type, provider, model,
    provider_response_id, conversation_id, usage, inserted_at, updated_at, deleted_at
)
with

-- Materialized, here and below: otherwise the planner repeats a hash at every use of it.
hashed as materialized (
    select
        numbered.row_number,
        numbered.starts_at,
        numbered.length_us,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'llm_call', cast(numbered.row_number as text)
        ) as hash,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'llm_call_job', cast(numbered.row_number as text)
        ) as job_hash
    from pg_temp.sample_rows(
        'llm_call', cast(%(first_row)s as bigint), cast(%(last_row)s as bigint)
    ) as numbered
),

drawn as materialized (
    select
        hashed.row_number,
        hashed.hash,
        hashed.job_hash,
        project.organization_id,
        project.project_id,
        traffic.input_type,
        traffic.output_type,
        traffic.provider,
        traffic.model,
        pg_temp.sample_draw_tokens(hashed.hash, 24, traffic.input_scale) as input_tokens,
        pg_temp.sample_draw_tokens(hashed.hash, 26, traffic.output_scale) as output_tokens,
        pg_temp.sample_instant(hashed.hash, 16, hashed.starts_at, hashed.length_us) as inserted_at
    from hashed
    inner join sample_project_picks as project
        on project.pick = pg_temp.sample_draw_12_bits(hashed.hash, 20)
    inner join sample_traffic_picks as traffic
        on traffic.pick = pg_temp.sample_draw_12_bits(hashed.hash, 22)
),

final as (
    select
        pg_temp.sample_uuid(hash) as id,
        pg_temp.sample_uuid(job_hash) as job_id,
        organization_id,
        project_id,
        cast(null as uuid) as chain_id,
        input_type,
        output_type,
        provider,
        model,
        case
            when get_byte(job_hash, 16) < 230
                then 'resp_' || encode(substring(job_hash from 17 for 12), 'hex')
        end as provider_response_id,
        case
            when get_byte(job_hash, 29) < 100
                then 'conv_' || project_id || '_' || row_number / 400
        end as conversation_id,
        case get_byte(hash, 28)
            when 0 then null
            when 1
                then jsonb_build_object(
                    'input_tokens', cast(input_tokens as text),
                    'output_tokens', cast(output_tokens as text)
                )
            when 2 then jsonb_build_object('input_tokens', input_tokens)
            else
                jsonb_build_object(
                    'input_tokens', input_tokens,
                    'output_tokens', output_tokens,
                    'total_tokens', input_tokens + output_tokens
                )
        end as usage,
        inserted_at,
        case
            when get_byte(hash, 29) < 3
                then least(
                    inserted_at + (1 + get_byte(hash, 30)) * interval '90 minutes',
                    cast(%(until)s as timestamp)
                )
        end as deleted_at,
        least(
            inserted_at + (1 + get_byte(hash, 31)) * interval '60 milliseconds',
            cast(%(until)s as timestamp)
        ) as finished_at
    from drawn
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
    coalesce(deleted_at, finished_at) as updated_at,
    deleted_at
from final
