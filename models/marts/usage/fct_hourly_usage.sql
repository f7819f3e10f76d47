with

requests as (select * from {{ ref('inc_requests_of_affected_days') }}),

-- A request without a readable time belongs to no hour.
timed as (
    select
        *,
        {{ utc_hour('requested_at') }} as hour
    from requests
    where requested_at is not null
),

-- An amount that no row of the bucket has counts 0; extremes are then null.
final as (
    select
        hour,
        source_system,
        organization_id,
        project_id,

        provider,
        model,
        has_model,
        credit_tier,
        is_successful,

        count(*) as requests,
        {{ request_sums() }},
        min(latency_ms) as min_latency_ms,
        max(latency_ms) as max_latency_ms,
        max(total_tokens) as max_total_tokens
    from timed
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
)

select * from final
