with

-- Read three times: only what is needed of it.
requests as (
    select
        requested_at,
        source_system,
        organization_id,
        project_id,
        provider,
        model,
        has_model,
        is_successful,
        latency_ms,
        first_token_latency_ms,
        total_tokens
    from {{ ref('int_requests_of_rebuilt_days') }}
),

-- A request whose quantity is not known is in no bucket, as no percentile counts it.
quantities as (
    select
        requested_at,
        source_system,
        organization_id,
        project_id,
        provider,
        model,
        has_model,
        is_successful,
        cast('latency_ms' as {{ dbt.type_string() }}) as quantity,
        latency_ms as value
    from requests
    where latency_ms is not null
    union all
    select
        requested_at,
        source_system,
        organization_id,
        project_id,
        provider,
        model,
        has_model,
        is_successful,
        cast('first_token_latency_ms' as {{ dbt.type_string() }}) as quantity,
        first_token_latency_ms as value
    from requests
    where first_token_latency_ms is not null
    union all
    select
        requested_at,
        source_system,
        organization_id,
        project_id,
        provider,
        model,
        has_model,
        is_successful,
        cast('total_tokens' as {{ dbt.type_string() }}) as quantity,
        total_tokens as value
    from requests
    where total_tokens is not null
),

-- A request without a readable time belongs to no day.
bucketed as (
    select
        cast(date_trunc('day', requested_at) as date) as day,
        source_system,
        organization_id,
        project_id,
        provider,
        model,
        has_model,
        is_successful,
        quantity,
        {{ logarithmic_bucket('value') }} as bucket,
        value
    from quantities
    where requested_at is not null
),

final as (
    select
        day,
        source_system,
        organization_id,
        project_id,

        provider,
        model,
        has_model,
        is_successful,
        quantity,
        bucket,

        count(*) as value_count,
        cast(sum(value) as bigint) as value_sum,
        min(value) as value_min,
        max(value) as value_max
    from bucketed
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
)

select * from final
