with

days as (select * from {{ ref('inc_days_of_affected_months') }}),

evaluation_runs as (select * from {{ ref('inc_evaluation_runs_of_affected_months') }}),

{% set sums = request_sum_types() %}
-- What only days of requests have is null on evaluation runs.
events as (
    select
        {{ period_start('month', 'day') }} as month,
        source_system,
        organization_id,
        project_id,
        modality,
        provider,
        model,
        requests,
        {% for name in sums %}
        {{ name }},
        {% endfor %}
        0 as eval_runs,
        cast(null as numeric(38, 22)) as eval_cost_usd
    from days
    union all
    select
        {{ period_start('month', utc_day('evaluated_at')) }} as month,
        source_system,
        organization_id,
        project_id,
        modality,
        provider,
        model,
        0 as requests,
        {% for name, type in sums.items() %}
        cast(null as {{ type }}) as {{ name }},
        {% endfor %}
        1 as eval_runs,
        eval_cost_usd
    from evaluation_runs
),

-- A bucket exists when either kind has rows; the other then counts 0, and so does an amount that no
-- row of the bucket has.
final as (
    select
        month,
        source_system,
        organization_id,
        project_id,

        modality,
        provider,
        model,

        cast(sum(requests) as bigint) as requests,
        {% for name, type in sums.items() %}
        cast(coalesce(sum({{ name }}), 0) as {{ type }}) as {{ name }},
        {% endfor %}
        cast(sum(eval_runs) as bigint) as eval_runs,
        cast(coalesce(sum(eval_cost_usd), 0) as numeric(38, 22)) as eval_cost_usd
    from events
    group by 1, 2, 3, 4, 5, 6, 7
)

select * from final
