with

-- Only Kaapi has evaluation runs.
evaluation_runs as (
    {% if 'kaapi' in enabled_source_systems() %}
    select * from {{ ref('int_kaapi__evaluation_runs_attributed') }}
    {% else %}
    {{ select_no_rows() }}
    {% endif %}
),

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

        false as is_archived,

        eval_cost_usd,

        evaluated_at,
        source_updated_at
    from evaluation_runs
)

select * from final
