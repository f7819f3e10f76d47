with

requests as (select * from {{ ref('inc_requests_of_affected_days') }}),

-- A request without a readable time belongs to no day.
timed as (
    select
        {{ utc_day('requested_at') }} as day,
        source_system,
        organization_id,
        project_id,
        provider,
        model,
        cost_source,
        request_kind,
        usage_source,
        cost_precision,
        is_successful,
        is_failed,
        is_priced,
        usage_source = 'missing' as is_without_usage,
        -- A hit of a gateway's cache costs nothing by right.
        is_priced and cost_usd = 0 and total_tokens > 0 and is_cache_hit is not true
            as is_zero_cost,
        total_tokens,
        clamped_tokens,
        reported_cost_usd,
        computed_cost_usd,
        reported_cost_usd - computed_cost_usd as drift_usd,
        cost_usd
    from requests
    where requested_at is not null
),

-- An amount that no row of the bucket has counts 0.
final as (
    select
        day,
        source_system,
        organization_id,
        project_id,

        provider,
        model,
        cost_source,

        count(*) as requests,
        count(*) filter (where request_kind = 'call') as llm_call_requests,
        count(*) filter (where is_successful) as successful_requests,
        count(*) filter (where is_failed) as failed_requests,
        count(*) filter (where not is_priced) as unpriced_requests,
        count(*) filter (where not is_priced and total_tokens > 0) as unpriced_token_requests,
        count(*) filter (where is_zero_cost) as zero_cost_requests,
        count(*) filter (where is_without_usage and cost_usd <> 0) as tokenless_cost_requests,
        count(drift_usd) as compared_requests,
        count(*) filter (where is_without_usage) as missing_usage_requests,
        count(*) filter (where usage_source = 'estimated') as estimated_usage_requests,
        count(*) filter (where clamped_tokens > 0) as clamped_requests,
        cast(coalesce(sum(total_tokens), 0) as bigint) as total_tokens,
        cast(
            coalesce(
                sum(total_tokens) filter (where not is_priced and total_tokens > 0), 0
            ) as bigint
        ) as unpriced_tokens,
        cast(
            coalesce(sum(total_tokens) filter (where is_zero_cost), 0) as bigint
        ) as zero_cost_tokens,
        cast(coalesce(sum(clamped_tokens), 0) as bigint) as clamped_tokens,
        cast(coalesce(sum(total_tokens) filter (where is_failed), 0) as bigint) as failed_tokens,
        cast(coalesce(sum(cost_usd), 0) as numeric(38, 22)) as cost_usd,
        cast(coalesce(sum(reported_cost_usd), 0) as numeric(38, 22)) as reported_cost_usd,
        cast(coalesce(sum(computed_cost_usd), 0) as numeric(38, 22)) as computed_cost_usd,
        cast(
            coalesce(
                sum(reported_cost_usd) filter (where computed_cost_usd is not null), 0
            ) as numeric(38, 22)
        ) as compared_reported_cost_usd,
        cast(
            coalesce(
                sum(computed_cost_usd) filter (where reported_cost_usd is not null), 0
            ) as numeric(38, 22)
        ) as compared_computed_cost_usd,
        cast(coalesce(sum(drift_usd), 0) as numeric(38, 22)) as drift_usd,
        cast(
            coalesce(
                sum(-drift_usd) filter (where cost_precision = 'whole_cents'), 0
            ) as numeric(38, 22)
        ) as rounding_loss_usd,
        cast(
            coalesce(sum(cost_usd) filter (where is_without_usage), 0) as numeric(38, 22)
        ) as tokenless_cost_usd,
        cast(
            coalesce(sum(cost_usd) filter (where is_failed), 0) as numeric(38, 22)
        ) as failed_cost_usd
    from timed
    group by 1, 2, 3, 4, 5, 6, 7
)

select * from final
