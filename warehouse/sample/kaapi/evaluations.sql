-- Evaluation runs number first_row to last_row; their ids go on from those of the awkward cases.
insert into evaluation_run (
    id, run_name, dataset_name, dataset_id, type, providers, config_id, config_version, status,
    run_mode, total_items, error_message, cost, organization_id, project_id, inserted_at, updated_at
)
with

hashed as materialized (
    select
        numbered.row_number,
        numbered.starts_at,
        numbered.length_us,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'evaluation_run', cast(numbered.row_number as text)
        ) as hash
    from pg_temp.sample_rows(
        'evaluation_run', cast(%(first_row)s as bigint), cast(%(last_row)s as bigint)
    ) as numbered
),

drawn as materialized (
    select
        hashed.row_number,
        hashed.hash,
        project.organization_id,
        project.project_id,
        traffic.model,
        (array['text', 'TEXT', 'text', 'stt', 'STT', 'tts', 'Tts', 'assessment'])[
            1 + (get_byte(hashed.hash, 24) & 7)
        ] as type,
        1 + mod(get_byte(hashed.hash, 25), 500) as total_items,
        case
            when get_byte(hashed.hash, 26) < 128
                then pg_temp.sample_hash(
                    cast(%(seed)s as bigint),
                    'config',
                    'regular ' || 1 + mod(get_byte(hashed.hash, 26), 40)
                )
        end as config_hash,
        pg_temp.sample_instant(hashed.hash, 16, hashed.starts_at, hashed.length_us) as inserted_at
    from hashed
    inner join sample_project_picks as project
        on project.pick = pg_temp.sample_draw_12_bits(hashed.hash, 20)
    inner join sample_traffic_picks as traffic
        on traffic.pick = pg_temp.sample_draw_12_bits(hashed.hash, 22)
),

final as (
    select
        cast(%(first_id)s as integer) + cast(row_number as integer) - 1 as id,
        'Run ' || row_number as run_name,
        'Dataset ' || 1 + mod(get_byte(hash, 27), 12) as dataset_name,
        2 + mod(get_byte(hash, 27), 12) as dataset_id,
        type,
        jsonb_build_array(model) as providers,
        case when config_hash is not null then pg_temp.sample_uuid(config_hash) end as config_id,
        case when config_hash is not null then 1 + mod(get_byte(hash, 28), 3) end
            as config_version,
        case when get_byte(hash, 29) < 12 then 'failed' else 'completed' end as status,
        case when get_byte(hash, 30) < 200 then 'batch' else 'live' end as run_mode,
        total_items,
        case when get_byte(hash, 29) < 12 then 'Provider did not answer in time' end
            as error_message,
        case
            when get_byte(hash, 29) >= 12
                then jsonb_build_object(
                    'total_cost_usd',
                    round(
                        cast(total_items * (40 + get_byte(hash, 31)) as numeric) / 100000,
                        6
                    )
                )
        end as cost,
        organization_id,
        project_id,
        inserted_at,
        least(
            inserted_at + total_items * interval '1 second',
            cast(%(until)s as timestamp)
        ) as updated_at
    from drawn
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
    updated_at
from final
