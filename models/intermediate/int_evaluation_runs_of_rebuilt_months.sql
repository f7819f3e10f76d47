with

evaluation_runs as (select * from {{ ref('fct_evaluation_runs') }}),

rebuilt_months as (select * from {{ ref('int_rebuilt_months') }}),

final as (
    select evaluation_runs.*
    from evaluation_runs
    {% if builds_slices() %}
    inner join rebuilt_months
        on
            evaluation_runs.source_system = rebuilt_months.source_system
            and evaluation_runs.organization_id = rebuilt_months.organization_id
            and date_trunc('month', evaluation_runs.evaluated_at) = rebuilt_months.month
    {% endif %}
)

select * from final
