with

evaluation_runs as (
    select *
    from {{ ref('stg_kaapi__evaluation_runs') }}
    where evaluated_at is not null
),

-- Kaapi holds a version of a configuration once; were it twice, the newest would count.
config_versions as (
    select
        config_id,
        config_version,
        {{ canonical_provider('raw_provider') }} as provider,
        row_number() over (
            partition by config_id, config_version
            order by source_updated_at desc nulls last, config_version_id asc
        ) as place
    from {{ ref('stg_kaapi__config_versions') }}
),

model_configs as (
    select
        raw_model,
        {{ canonical_provider('raw_provider') }} as provider
    from {{ ref('stg_kaapi__model_configs') }}
),

-- A name that several providers use says nothing about which of them ran.
model_providers as (
    select
        raw_model,
        min(provider) as provider
    from model_configs
    where raw_model is not null
    group by 1
    having count(distinct provider) = 1
),

-- First the stored configuration that was used, then the model's only provider.
final as (
    select
        evaluation_runs.source_system,
        evaluation_runs.evaluation_run_id,

        evaluation_runs.organization_id,
        evaluation_runs.project_id,

        {{ kaapi_evaluation_modality('evaluation_runs.evaluation_type') }} as modality,
        coalesce(
            nullif(config_versions.provider, 'unknown'),
            model_providers.provider,
            'unknown'
        ) as provider,
        {{ text_or_unknown('evaluation_runs.raw_model') }} as model,
        evaluation_runs.run_name,
        evaluation_runs.dataset_name,
        evaluation_runs.status,

        evaluation_runs.eval_cost_usd,

        evaluation_runs.evaluated_at,
        evaluation_runs.source_updated_at
    from evaluation_runs
    left join config_versions
        on
            evaluation_runs.config_id = config_versions.config_id
            and evaluation_runs.config_version = config_versions.config_version
            and config_versions.place = 1
    left join model_providers
        on evaluation_runs.raw_model = model_providers.raw_model
)

select * from final
