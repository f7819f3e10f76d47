create table bench_floor.fct_daily_latency as
select
    cast(requests.requested_at at time zone 'UTC' as date) as day,
    requests.source_system,
    requests.organization_id,
    requests.project_id,
    requests.provider,
    requests.model,
    requests.has_model,
    requests.is_successful,
    measured.quantity,
    cast(
        case
            when measured.value = 0 then 0
            else
                ceil(
                    ln(cast(measured.value as double precision))
                    / ln(cast(1.02 as double precision))
                ) + 1
        end as bigint
    ) as bucket,
    count(*) as value_count,
    cast(sum(measured.value) as bigint) as value_sum,
    min(measured.value) as value_min,
    max(measured.value) as value_max
from bench_floor.fct_requests as requests
cross join lateral (
    values
        ('latency_ms', requests.latency_ms),
        ('first_token_latency_ms', requests.first_token_latency_ms),
        ('total_tokens', requests.total_tokens)
) as measured (quantity, value)
where measured.value is not null
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
