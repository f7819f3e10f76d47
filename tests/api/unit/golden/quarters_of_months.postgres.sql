WITH groups AS (
    SELECT CAST(date_trunc(%(date_trunc_1)s::VARCHAR, usage.fct_monthly_usage.month) AS DATE) AS month,
    coalesce(cast(sum(requests) as bigint), 0) AS requests
    FROM usage.fct_monthly_usage
    WHERE usage.fct_monthly_usage.month >= %(month_1)s::DATE
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.month AS month,
        page.requests AS requests
        FROM (
            SELECT groups.month AS month,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.month ASC
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- date_trunc_1 = 'quarter'
-- month_1 = datetime.date(2025, 1, 1)
-- param_1 = 100
