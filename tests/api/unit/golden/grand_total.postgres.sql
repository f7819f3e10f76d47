WITH groups AS (
    SELECT coalesce(sum(cost_usd), 0) AS cost_usd,
    coalesce(cast(sum(requests) as bigint), 0) AS requests
    FROM usage.fct_monthly_usage
    WHERE usage.fct_monthly_usage.month >= %(month_1)s::DATE
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT CAST(trim_scale(page.cost_usd) AS TEXT) AS cost_usd,
        page.requests AS requests
        FROM (
            SELECT groups.cost_usd AS cost_usd,
            groups.requests AS requests
            FROM groups
            WHERE true
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT row_to_json(totals) AS row_to_json_1
    FROM (
        SELECT CAST(trim_scale(coalesce(sum(cost_usd), 0)) AS TEXT) AS cost_usd,
        coalesce(cast(sum(requests) as bigint), 0) AS requests
        FROM usage.fct_monthly_usage
        WHERE usage.fct_monthly_usage.month >= %(month_1)s::DATE
    ) AS totals
) AS totals

-- month_1 = datetime.date(2024, 2, 1)
-- param_1 = 100
