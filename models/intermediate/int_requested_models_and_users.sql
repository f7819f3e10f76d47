with

days as (select * from {{ ref('fct_daily_usage') }}),

untimed_requests as (
    select *
    from {{ ref('fct_requests') }}
    where requested_at is null
),

seen as (
    select
        source_system,
        organization_id,
        model,
        credit_tier,
        user_id,
        first_requested_at,
        last_requested_at
    from days
    union all
    select
        source_system,
        organization_id,
        model,
        credit_tier,
        user_id,
        cast(null as timestamp) as first_requested_at,
        cast(null as timestamp) as last_requested_at
    from untimed_requests
),

final as (
    select
        source_system,
        organization_id,
        model,
        credit_tier,
        user_id,
        min(first_requested_at) as first_requested_at,
        max(last_requested_at) as last_requested_at
    from seen
    group by 1, 2, 3, 4, 5
)

select * from final
