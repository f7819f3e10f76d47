-- depends_on: {{ ref('int_rebuilt_days') }}

with

days as (
    {{ gathered_rows(ref('fct_daily_usage'), changed_tenants(), 'tenant') }}
),

untimed_requests as (
    select *
    from {{ ref('fct_requests') }}
    where requested_at is null
),

-- Whoever was seen of the other tenants stands as published.
seen as (
    select
        source_system,
        organization_id,
        user_id,
        first_requested_at,
        last_requested_at
    from days
    where user_id is not null
    union all
    select
        source_system,
        organization_id,
        user_id,
        cast(null as timestamp) as first_requested_at,
        cast(null as timestamp) as last_requested_at
    from untimed_requests
    where user_id is not null
    {% if builds_slices() %}
    union all
    select
        source_system,
        organization_id,
        user_id,
        first_requested_at,
        last_requested_at
    from {{ published_rows_of_other_tenants('dim_users') }}
    where first_requested_at is not null
    {% endif %}
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
