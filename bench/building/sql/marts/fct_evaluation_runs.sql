create table bench_floor.fct_evaluation_runs as
select
    cast(runs.id as text) as evaluation_run_id,
    'kaapi' as source_system,
    cast(runs.organization_id as text) as organization_id,
    cast(runs.project_id as text) as project_id,
    case lower(runs.type)
        when 'text' then 'T-FS-T' when 'stt' then 'STT' when 'tts' then 'TTS' else 'OTHER'
    end as modality,
    coalesce(nullif(configured.provider, 'unknown'), models.provider, 'unknown') as provider,
    coalesce(nullif(runs.providers ->> 0, ''), 'unknown') as model,
    cast(runs.run_name as text) as run_name,
    cast(runs.dataset_name as text) as dataset_name,
    cast(runs.status as text) as status,
    false as is_archived,
    cast(
        coalesce(cast(runs.cost ->> 'total_cost_usd' as numeric), 0) as numeric(38, 22)
    ) as eval_cost_usd,
    runs.inserted_at at time zone 'UTC' as evaluated_at,
    runs.updated_at at time zone 'UTC' as source_updated_at
from kaapi.evaluation_run as runs
left join (
    select
        config_id,
        version,
        case
            when jsonb_typeof(config_blob #> '{completion,provider}') = 'string'
                then nullif(
                    regexp_replace(config_blob #>> '{completion,provider}', '-native$', ''), ''
                )
        end as provider
    from kaapi.config_version
) as configured
    on configured.config_id = runs.config_id and configured.version = runs.config_version
left join (
    select
        model_name,
        min(nullif(regexp_replace(provider, '-native$', ''), '')) as provider
    from kaapi.model_config
    group by 1
    having count(distinct regexp_replace(provider, '-native$', '')) = 1
) as models
    on models.model_name = nullif(runs.providers ->> 0, '')
