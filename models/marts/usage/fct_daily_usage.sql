with

requests as (select * from {{ ref('inc_requests_of_affected_days') }}),

-- A request without a readable time belongs to no day.
timed as (
    select
        *,
        {{ utc_day('requested_at') }} as day
    from requests
    where requested_at is not null
),

-- An amount that no row of the bucket has counts 0; extremes are then null.
final as (
    select
        day,
        source_system,
        organization_id,
        project_id,
        user_id,

        modality,
        provider,
        model,
        has_model,
        credit_tier,
        endpoint,
        http_method,
        is_successful,

        count(*) as requests,
        {{ request_sums() }},
        min(latency_ms) as min_latency_ms,
        max(latency_ms) as max_latency_ms,
        max(total_tokens) as max_total_tokens,
        min(requested_at) as first_requested_at,
        max(requested_at) as last_requested_at
    from timed
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
)

select * from final
