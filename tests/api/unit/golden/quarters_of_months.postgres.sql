WITH groups AS (
    SELECT CAST(date_trunc(%(date_trunc_1)s::VARCHAR, usage.fct_monthly_usage.month) AS DATE) AS month,
    coalesce(cast(sum(requests) as bigint), 0) AS requests
    FROM usage.fct_monthly_usage
    WHERE usage.fct_monthly_usage.month >= %(month_1)s::DATE
    GROUP BY 1
),
page AS (
    SELECT groups.month AS month,
    groups.requests AS requests,
    row_number() OVER (ORDER BY groups.month ASC) AS position
    FROM groups
    WHERE true
    ORDER BY groups.month ASC
    LIMIT %(param_1)s::INTEGER
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.month AS month,
        page.requests AS requests
        FROM page
        WHERE page.position <= %(position_1)s::INTEGER
        ORDER BY page.position
    ) AS node
) AS nodes

-- date_trunc_1 = 'quarter'
-- month_1 = datetime.date(2025, 1, 1)
-- param_1 = 101
-- position_1 = 100
