with

days as (select * from {{ ref('int_rebuilt_days') }}),

evaluation_runs as (select * from {{ ref('fct_evaluation_runs') }}),

{% if builds_slices() %}
changed_runs as (
    (
        select * from evaluation_runs
        except
        select * from {{ serving_relation('fct_evaluation_runs') }}
    )
    union all
    (
        select * from {{ serving_relation('fct_evaluation_runs') }}
        except
        select * from evaluation_runs
    )
),
{% else %}
changed_runs as (
    select * from evaluation_runs
    where 1 = 0
),
{% endif %}

final as (
    select
        source_system,
        organization_id,
        cast(date_trunc('month', day) as date) as month
    from days
    union distinct
    select
        source_system,
        organization_id,
        cast(date_trunc('month', evaluated_at) as date) as month
    from changed_runs
)

select * from final
