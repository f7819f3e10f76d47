create table bench_floor.fct_sessions as
select
    session_id,
    source_system,
    organization_id,
    project_id,
    count(*) as session_requests,
    count(distinct user_id) as session_users,
    cast(coalesce(sum(input_tokens), 0) as bigint) as session_input_tokens,
    cast(coalesce(sum(output_tokens), 0) as bigint) as session_output_tokens,
    cast(coalesce(sum(total_tokens), 0) as bigint) as session_total_tokens,
    cast(sum(cost_usd) as numeric(38, 22)) as session_cost_usd,
    cast(
        extract(epoch from max(requested_at) - min(requested_at)) * 1000000 as bigint
    ) as session_duration_us,
    min(requested_at) as started_at,
    max(requested_at) as ended_at
from bench_floor.fct_requests
where session_id is not null
group by 1, 2, 3, 4
