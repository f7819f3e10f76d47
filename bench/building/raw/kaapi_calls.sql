-- Calls number first_row to last_row. Of nine calls the first two are the blocks of one chain. A
-- hundredth is deleted, some have no usage, or a usage of texts.
insert into llm_call (
    id, job_id, organization_id, project_id, chain_id, input_type, output_type, provider, model,
    provider_response_id, conversation_id, usage, inserted_at, updated_at, deleted_at
)
with

drawn as (
    select
        numbered.row_number,
        case when mod(numbered.row_number, 9) < 2 then numbered.row_number / 9 end as chain_number,
        pg_temp.bench_draw(
            -- Both calls of a chain are of one project.
            numbered.row_number - case mod(numbered.row_number, 9) when 1 then 1 else 0 end,
            cast(%(seed)s as bigint),
            1
        ) as chain_draw,
        pg_temp.bench_draw(numbered.row_number, cast(%(seed)s as bigint), 2) as draw
    from generate_series(
        cast(%(first_row)s as bigint), cast(%(last_row)s as bigint)
    ) as numbered (row_number)
    offset 0
),

measured as (
    select
        drawn.row_number,
        drawn.chain_number,
        drawn.draw,
        project.organization_id,
        project.project_id,
        traffic.input_type,
        traffic.output_type,
        traffic.provider,
        traffic.model,
        pg_temp.bench_tokens(drawn.draw, 12, traffic.input_scale) as input_tokens,
        pg_temp.bench_tokens(drawn.draw, 20, traffic.output_scale) as output_tokens,
        pg_temp.bench_instant(
            drawn.row_number - cast(%(first_row)s as bigint),
            cast(%(last_row)s as bigint) - cast(%(first_row)s as bigint) + 1,
            drawn.draw,
            cast(%(starts_at)s as timestamp),
            cast(%(seconds)s as double precision)
        ) as inserted_at
    from drawn
    inner join sample_project_picks as project
        on project.pick = pg_temp.bench_bits(drawn.chain_draw, 0, 12)
    inner join sample_traffic_picks as traffic
        on traffic.pick = pg_temp.bench_bits(drawn.draw, 28, 12)
    offset 0
)

select
    pg_temp.bench_uuid('call', row_number, cast(%(seed)s as bigint)) as id,
    pg_temp.bench_uuid(
        'job', coalesce(chain_number * 9, row_number), cast(%(seed)s as bigint)
    ) as job_id,
    organization_id,
    project_id,
    case
        when chain_number is not null
            then pg_temp.bench_uuid('chain', chain_number, cast(%(seed)s as bigint))
    end as chain_id,
    input_type,
    output_type,
    provider,
    model,
    case when draw > 0 then 'resp_' || to_hex(draw) end as provider_response_id,
    case
        when pg_temp.bench_bits(draw, 40, 8) < 100
            then 'conv_' || project_id || '_' || row_number / 400
    end as conversation_id,
    case pg_temp.bench_bits(draw, 48, 8)
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
    greatest(
        inserted_at + pg_temp.bench_bits(draw, 40, 12) * interval '1 millisecond',
        cast(%(written_at)s as timestamp)
    ) as updated_at,
    case
        when pg_temp.bench_bits(draw, 56, 7) = 0
            then greatest(inserted_at, cast(%(written_at)s as timestamp))
    end as deleted_at
from measured
