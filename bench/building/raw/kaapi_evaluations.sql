-- Evaluation runs number first_row to last_row.
insert into evaluation_run (
    id, run_name, dataset_name, dataset_id, type, providers, config_id, config_version, status,
    run_mode, total_items, error_message, cost, organization_id, project_id, inserted_at, updated_at
)
with

configs as (
    select
        config_id,
        row_number() over (order by config_id) - 1 as config_number,
        count(*) over () as config_count
    from (select distinct config_id from config_version) as listed
),

drawn as (
    select
        numbered.row_number,
        pg_temp.bench_draw(numbered.row_number, cast(%(seed)s as bigint), 3) as draw
    from generate_series(
        cast(%(first_row)s as bigint), cast(%(last_row)s as bigint)
    ) as numbered (row_number)
    offset 0
),

timed as (
    select
        drawn.row_number,
        drawn.draw,
        project.organization_id,
        project.project_id,
        traffic.model,
        1 + pg_temp.bench_bits(drawn.draw, 40, 9) as total_items,
        pg_temp.bench_bits(drawn.draw, 49, 4) = 0 as is_failed,
        pg_temp.bench_instant(
            drawn.row_number - cast(%(first_row)s as bigint),
            cast(%(last_row)s as bigint) - cast(%(first_row)s as bigint) + 1,
            drawn.draw,
            cast(%(starts_at)s as timestamp),
            cast(%(seconds)s as double precision)
        ) as inserted_at
    from drawn
    inner join sample_project_picks as project
        on project.pick = pg_temp.bench_bits(drawn.draw, 0, 12)
    inner join sample_traffic_picks as traffic
        on traffic.pick = pg_temp.bench_bits(drawn.draw, 12, 12)
)

select
    timed.row_number as id,
    'Run ' || timed.row_number as run_name,
    'Dataset ' || mod(timed.row_number, 12) as dataset_name,
    mod(timed.row_number, 12) as dataset_id,
    (array['text', 'TEXT', 'text', 'stt', 'STT', 'tts', 'Tts', 'assessment'])[
        1 + pg_temp.bench_bits(timed.draw, 24, 3)
    ] as type,
    jsonb_build_array(timed.model) as providers,
    configs.config_id,
    case when configs.config_id is not null then 1 end as config_version,
    case when timed.is_failed then 'failed' else 'completed' end as status,
    'batch' as run_mode,
    timed.total_items,
    case when timed.is_failed then 'Provider did not answer in time' end as error_message,
    case
        when not timed.is_failed
            then jsonb_build_object('total_cost_usd', timed.total_items * 0.00073)
    end as cost,
    timed.organization_id,
    timed.project_id,
    timed.inserted_at,
    timed.inserted_at + timed.total_items * interval '1 second' as updated_at
from timed
left join configs
    on configs.config_number = mod(timed.row_number, 2 * configs.config_count)
