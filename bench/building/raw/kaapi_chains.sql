-- The chains whose calls lie between first_row and last_row, each with the tenant of its calls.
insert into llm_chain (
    id, job_id, organization_id, project_id, status, error, block_sequences, total_blocks,
    number_of_blocks_processed, total_usage, inserted_at, updated_at
)
with

drawn as (
    select
        numbered.call_number / 9 as chain_number,
        numbered.call_number,
        pg_temp.bench_draw(numbered.call_number, cast(%(seed)s as bigint), 1) as chain_draw,
        pg_temp.bench_draw(numbered.call_number, cast(%(seed)s as bigint), 2) as draw
    from generate_series(
        cast(%(first_row)s as bigint), cast(%(last_row)s as bigint), 9
    ) as numbered (call_number)
    offset 0
),

judged as (
    select
        drawn.chain_number,
        drawn.call_number,
        project.organization_id,
        project.project_id,
        case
            when pg_temp.bench_bits(drawn.draw, 56, 6) < 4 then 'failed'
            when pg_temp.bench_bits(drawn.draw, 56, 6) < 5 then 'running'
            else 'completed'
        end as status,
        pg_temp.bench_instant(
            drawn.call_number - cast(%(first_row)s as bigint),
            cast(%(last_row)s as bigint) - cast(%(first_row)s as bigint) + 1,
            drawn.draw,
            cast(%(starts_at)s as timestamp),
            cast(%(seconds)s as double precision)
        ) as inserted_at
    from drawn
    inner join sample_project_picks as project
        on project.pick = pg_temp.bench_bits(drawn.chain_draw, 0, 12)
    offset 0
)

select
    pg_temp.bench_uuid('chain', chain_number, cast(%(seed)s as bigint)) as id,
    pg_temp.bench_uuid('job', call_number, cast(%(seed)s as bigint)) as job_id,
    organization_id,
    project_id,
    status,
    case when status = 'failed' then 'Provider did not answer in time' end as error,
    jsonb_build_array(
        pg_temp.bench_uuid('call', call_number, cast(%(seed)s as bigint)),
        pg_temp.bench_uuid('call', call_number + 1, cast(%(seed)s as bigint))
    ) as block_sequences,
    2 as total_blocks,
    case status when 'completed' then 2 else 1 end as number_of_blocks_processed,
    cast(null as jsonb) as total_usage,
    inserted_at,
    greatest(
        inserted_at + interval '5 seconds', cast(%(written_at)s as timestamp)
    ) as updated_at
from judged
