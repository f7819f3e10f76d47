WITH periods AS (
    SELECT CAST(moment AS DATE) AS period
    FROM generate_series(CAST(date_trunc(%(date_trunc_1)s::VARCHAR, CAST(%(param_1)s::DATE AS DATE)) AS DATE), CAST(date_trunc(%(date_trunc_2)s::VARCHAR, CAST(%(param_2)s::DATE AS DATE)) AS DATE), interval '1 month') AS moment
    LIMIT %(param_3)s::INTEGER
),
aggregated AS (
    SELECT usage.fct_monthly_usage.month AS month,
    coalesce(sum(cost_usd), 0) AS cost_usd,
    coalesce(cast(sum(requests) as bigint), 0) AS requests
    FROM usage.fct_monthly_usage
    WHERE usage.fct_monthly_usage.month >= %(month_1)s::DATE
    AND usage.fct_monthly_usage.month <= %(month_2)s::DATE
    GROUP BY 1
),
groups AS (
    SELECT periods.period AS month,
    coalesce(aggregated."cost_usd", 0) AS cost_usd,
    coalesce(aggregated."requests", 0) AS requests
    FROM periods
    LEFT OUTER JOIN aggregated ON aggregated.month = periods.period
    WHERE (
        SELECT count(*) AS count_1
        FROM periods
    ) <= %(param_4)s::INTEGER
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.month AS month,
        CAST(trim_scale(page.cost_usd) AS TEXT) AS cost_usd,
        page.requests AS requests
        FROM (
            SELECT groups.month AS month,
            groups.cost_usd AS cost_usd,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.month ASC
            LIMIT %(param_5)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT count(*) AS count_1
    FROM periods
) AS filled_groups

-- date_trunc_1 = 'month'
-- date_trunc_2 = 'month'
-- month_1 = datetime.date(2025, 1, 1)
-- month_2 = datetime.date(2025, 6, 1)
-- param_1 = datetime.date(2025, 1, 1)
-- param_2 = datetime.date(2025, 6, 1)
-- param_3 = 1000001
-- param_4 = 1000000
-- param_5 = 100
