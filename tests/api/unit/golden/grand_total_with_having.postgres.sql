WITH groups AS (
    SELECT unconditional.requests AS requests
    FROM (
        SELECT coalesce(cast(sum(requests) as bigint), 0) AS requests
        FROM usage.fct_monthly_usage
        WHERE usage.fct_monthly_usage.month >= %(month_1)s::DATE
    ) AS unconditional
    WHERE unconditional.requests > %(requests_1)s::BIGINT
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.requests AS requests
        FROM (
            SELECT groups.requests AS requests
            FROM groups
            WHERE true
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT row_to_json(totals) AS row_to_json_1
    FROM (
        SELECT coalesce(cast(sum(requests) as bigint), 0) AS requests
        FROM usage.fct_monthly_usage
        WHERE usage.fct_monthly_usage.month >= %(month_1)s::DATE
        AND (EXISTS (
            SELECT *
            FROM groups
        ))
    ) AS totals
) AS totals

-- month_1 = datetime.date(2025, 1, 1)
-- param_1 = 100
-- requests_1 = 0
