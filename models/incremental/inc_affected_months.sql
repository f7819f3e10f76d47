-- depends_on: {{ published('fct_requests') }}
-- depends_on: {{ published('fct_evaluation_runs') }}

with

days as (select * from {{ ref('inc_affected_days') }}),

changed_runs as (
    {{ changed_rows(ref('fct_evaluation_runs')) }}
),

final as (
    select
        source_system,
        organization_id,
        {{ period_start('month', 'day') }} as month
    from days
    union distinct
    select
        source_system,
        organization_id,
        {{ period_start('month', utc_day('evaluated_at')) }} as month
    from changed_runs
)

select * from final
