WITH groups AS (
    SELECT legs.model AS model,
    coalesce((select found.low + (found.position - floor(found.position)) * (found.high - found.low) from(select max(ranked.position) as position, min(ranked.size) filter(where ranked.upto > floor(ranked.position)) as low, min(ranked.size) filter(where ranked.upto > ceil(ranked.position)) as high from(select 0.95 * (sum(sum(merged.amount)) over() - 1) as position, sum(sum(merged.amount)) over(order by merged.bucket) as upto, greatest(min(merged.least), least(max(merged.greatest), case when merged.bucket = 0 then 0 else sign(merged.bucket) * 2 * power(cast(1.02 as double precision), abs(merged.bucket) - 1) / (1 + 1.02) end)) as size from unnest(array_agg(bucket) filter(where bucket_quantity = 'latency_ms'), array_agg(bucket_count) filter(where bucket_quantity = 'latency_ms'), array_agg(bucket_least) filter(where bucket_quantity = 'latency_ms'), array_agg(bucket_greatest) filter(where bucket_quantity = 'latency_ms')) as merged(bucket, amount, least, greatest) group by merged.bucket) as ranked) as found), 0) AS latency_p95_ms,
    coalesce(cast(sum(requests_part) as bigint), 0) AS requests
    FROM (
        SELECT usage.fct_hourly_usage.source_system AS source_system,
        usage.fct_hourly_usage.organization_id AS organization_id,
        usage.fct_hourly_usage.project_id AS project_id,
        usage.fct_hourly_usage.model AS model,
        usage.fct_hourly_usage.hour AS requested_at,
        requests AS requests_part,
        cast(null as text) AS bucket_quantity,
        cast(null as bigint) AS bucket,
        cast(null as bigint) AS bucket_count,
        cast(null as bigint) AS bucket_least,
        cast(null as bigint) AS bucket_greatest
        FROM usage.fct_hourly_usage
        WHERE usage.fct_hourly_usage.source_system = %(source_system_1)s::VARCHAR
        AND usage.fct_hourly_usage.organization_id = %(organization_id_1)s::VARCHAR
        AND usage.fct_hourly_usage.project_id = %(project_id_1)s::VARCHAR
        AND usage.fct_hourly_usage.hour >= %(hour_1)s::TIMESTAMP WITH TIME ZONE
        AND usage.fct_hourly_usage.hour < %(hour_2)s::TIMESTAMP WITH TIME ZONE
        UNION ALL
        SELECT usage.fct_daily_cost_quality.source_system AS source_system,
        usage.fct_daily_cost_quality.organization_id AS organization_id,
        usage.fct_daily_cost_quality.project_id AS project_id,
        usage.fct_daily_cost_quality.model AS model,
        timezone(%(timezone_1)s::VARCHAR, CAST(usage.fct_daily_cost_quality.day AS TIMESTAMP WITHOUT TIME ZONE)) AS requested_at,
        requests AS requests_part,
        cast(null as text) AS bucket_quantity,
        cast(null as bigint) AS bucket,
        cast(null as bigint) AS bucket_count,
        cast(null as bigint) AS bucket_least,
        cast(null as bigint) AS bucket_greatest
        FROM usage.fct_daily_cost_quality
        WHERE usage.fct_daily_cost_quality.source_system = %(source_system_2)s::VARCHAR
        AND usage.fct_daily_cost_quality.organization_id = %(organization_id_2)s::VARCHAR
        AND usage.fct_daily_cost_quality.project_id = %(project_id_2)s::VARCHAR
        AND usage.fct_daily_cost_quality.day >= %(day_1)s::DATE
        AND usage.fct_daily_cost_quality.day < %(day_2)s::DATE
        UNION ALL
        SELECT usage.fct_monthly_usage.source_system AS source_system,
        usage.fct_monthly_usage.organization_id AS organization_id,
        usage.fct_monthly_usage.project_id AS project_id,
        usage.fct_monthly_usage.model AS model,
        timezone(%(timezone_2)s::VARCHAR, CAST(usage.fct_monthly_usage.month AS TIMESTAMP WITHOUT TIME ZONE)) AS requested_at,
        requests AS requests_part,
        cast(null as text) AS bucket_quantity,
        cast(null as bigint) AS bucket,
        cast(null as bigint) AS bucket_count,
        cast(null as bigint) AS bucket_least,
        cast(null as bigint) AS bucket_greatest
        FROM usage.fct_monthly_usage
        WHERE usage.fct_monthly_usage.source_system = %(source_system_3)s::VARCHAR
        AND usage.fct_monthly_usage.organization_id = %(organization_id_3)s::VARCHAR
        AND usage.fct_monthly_usage.project_id = %(project_id_3)s::VARCHAR
        AND usage.fct_monthly_usage.month >= %(month_1)s::DATE
        AND requests > %(requests_1)s::BIGINT
        UNION ALL
        SELECT usage.fct_requests.source_system AS source_system,
        usage.fct_requests.organization_id AS organization_id,
        usage.fct_requests.project_id AS project_id,
        usage.fct_requests.model AS model,
        usage.fct_requests.requested_at AS requested_at,
        NULL AS requests_part,
        cast('latency_ms' as text) AS bucket_quantity,
        cast(case when latency_ms = 0 then 0 else sign(latency_ms) * (ceil(ln(cast(abs(latency_ms) as double precision)) / ln(cast(1.02 as double precision))) + 1) end as bigint) AS bucket,
        cast(1 as bigint) AS bucket_count,
        latency_ms AS bucket_least,
        latency_ms AS bucket_greatest
        FROM usage.fct_requests
        WHERE usage.fct_requests.source_system = %(source_system_4)s::VARCHAR
        AND usage.fct_requests.organization_id = %(organization_id_4)s::VARCHAR
        AND usage.fct_requests.project_id = %(project_id_4)s::VARCHAR
        AND usage.fct_requests.requested_at >= %(requested_at_1)s::TIMESTAMP WITH TIME ZONE
        AND usage.fct_requests.requested_at < %(requested_at_2)s::TIMESTAMP WITH TIME ZONE
        AND latency_ms is not null
        UNION ALL
        SELECT usage.fct_daily_latency.source_system AS source_system,
        usage.fct_daily_latency.organization_id AS organization_id,
        usage.fct_daily_latency.project_id AS project_id,
        usage.fct_daily_latency.model AS model,
        timezone(%(timezone_3)s::VARCHAR, CAST(usage.fct_daily_latency.day AS TIMESTAMP WITHOUT TIME ZONE)) AS requested_at,
        NULL AS requests_part,
        quantity AS bucket_quantity,
        bucket AS bucket,
        value_count AS bucket_count,
        value_min AS bucket_least,
        value_max AS bucket_greatest
        FROM usage.fct_daily_latency
        WHERE usage.fct_daily_latency.source_system = %(source_system_5)s::VARCHAR
        AND usage.fct_daily_latency.organization_id = %(organization_id_5)s::VARCHAR
        AND usage.fct_daily_latency.project_id = %(project_id_5)s::VARCHAR
        AND usage.fct_daily_latency.day >= %(day_3)s::DATE
        AND usage.fct_daily_latency.quantity IN (%(quantity_1_1)s::VARCHAR)
    ) AS legs
    WHERE true
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.model AS model,
        CAST(page.latency_p95_ms AS DOUBLE PRECISION) AS latency_p95_ms,
        page.requests AS requests
        FROM (
            SELECT groups.model AS model,
            groups.latency_p95_ms AS latency_p95_ms,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.model ASC
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- day_1 = datetime.date(2026, 3, 2)
-- day_2 = datetime.date(2026, 4, 1)
-- day_3 = datetime.date(2026, 3, 2)
-- hour_1 = datetime.datetime(2026, 3, 1, 12, 0)
-- hour_2 = datetime.datetime(2026, 3, 2, 0, 0)
-- month_1 = datetime.date(2026, 4, 1)
-- organization_id_1 = '1'
-- organization_id_2 = '1'
-- organization_id_3 = '1'
-- organization_id_4 = '1'
-- organization_id_5 = '1'
-- param_1 = 100
-- project_id_1 = '12'
-- project_id_2 = '12'
-- project_id_3 = '12'
-- project_id_4 = '12'
-- project_id_5 = '12'
-- quantity_1_1 = 'latency_ms'
-- requested_at_1 = datetime.datetime(2026, 3, 1, 12, 0)
-- requested_at_2 = datetime.datetime(2026, 3, 2, 0, 0)
-- requests_1 = 0
-- source_system_1 = 'kaapi'
-- source_system_2 = 'kaapi'
-- source_system_3 = 'kaapi'
-- source_system_4 = 'kaapi'
-- source_system_5 = 'kaapi'
-- timezone_1 = 'UTC'
-- timezone_2 = 'UTC'
-- timezone_3 = 'UTC'
