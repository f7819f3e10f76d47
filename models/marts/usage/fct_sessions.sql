with

requests as (select * from {{ ref('inc_requests_of_affected_sessions') }}),

-- A request without a readable time belongs to its session, but neither begins nor ends it.
totals as (
    select
        source_system,
        organization_id,
        project_id,
        session_id,

        count(*) as session_requests,
        count(distinct user_id) as session_users,
        cast(coalesce(sum(input_tokens), 0) as bigint) as session_input_tokens,
        cast(coalesce(sum(output_tokens), 0) as bigint) as session_output_tokens,
        cast(coalesce(sum(total_tokens), 0) as bigint) as session_total_tokens,
        cast(sum(cost_usd) as numeric(38, 22)) as session_cost_usd,

        min(requested_at) as started_at,
        max(requested_at) as ended_at
    from requests
    where session_id is not null
    group by 1, 2, 3, 4
),

final as (
    select
        session_id,
        source_system,

        organization_id,
        project_id,

        session_requests,
        session_users,
        session_input_tokens,
        session_output_tokens,
        session_total_tokens,
        session_cost_usd,
        {{ microseconds_between('started_at', 'ended_at') }} as session_duration_us,

        started_at,
        ended_at
    from totals
)

select * from final
