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
        model,
        credit_tier,
        first_requested_at,
        last_requested_at
    from days
    union all
    select
        source_system,
        organization_id,
        model,
        credit_tier,
        cast(null as timestamp) as first_requested_at,
        cast(null as timestamp) as last_requested_at
    from untimed_requests
    {% if builds_slices() %}
    union all
    select
        source_system,
        organization_id,
        model,
        credit_tier,
        first_requested_at,
        last_requested_at
    from {{ published_rows_of_other_tenants('dim_models') }}
    where first_requested_at is not null
    {% endif %}
),

final as (
    -- The tier of a model is the same for all its requests.
    select
        source_system,
        organization_id,
        model,
        max(credit_tier) as credit_tier,
        min(first_requested_at) as first_requested_at,
        max(last_requested_at) as last_requested_at
    from seen
    group by 1, 2, 3
)

select * from final
