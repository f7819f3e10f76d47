with

evaluation_runs as (select * from {{ ref('int_kaapi__evaluation_runs_attributed') }}),

final as (
    select
        evaluation_run_id,
        source_system,

        organization_id,
        project_id,

        modality,
        provider,
        model,
        run_name,
        dataset_name,
        status,

        eval_cost_usd,

        evaluated_at,
        source_updated_at
    from evaluation_runs
)

select * from final
