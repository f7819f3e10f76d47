-- depends_on: {{ published('fct_daily_usage') }}
-- depends_on: {{ published('dim_users') }}
-- depends_on: {{ ref('inc_affected_days') }}

with

days as (
    {{ first_and_last_days('dim_users', 'user_id', ['user_id']) }}
),

untimed_requests as (
    select *
    from {{ ref('fct_requests') }}
    where requested_at is null and user_id is not null
),

seen as (
    select * from days
    union all
    select
        source_system,
        organization_id,
        user_id,
        cast(null as {{ instant_type() }}) as first_requested_at,
        cast(null as {{ instant_type() }}) as last_requested_at
    from untimed_requests
),

final as (
    select
        source_system,
        organization_id,
        user_id,
        min(first_requested_at) as first_requested_at,
        max(last_requested_at) as last_requested_at
    from seen
    group by 1, 2, 3
)

select * from final
