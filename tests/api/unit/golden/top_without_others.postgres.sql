WITH top_values AS (
    SELECT usage.fct_daily_usage.provider AS value
    FROM usage.fct_daily_usage
    WHERE usage.fct_daily_usage.day >= %(day_1)s::DATE
    AND usage.fct_daily_usage.day <= %(day_2)s::DATE
    GROUP BY usage.fct_daily_usage.provider
    ORDER BY coalesce(cast(sum(requests) as bigint), 0) DESC NULLS LAST, usage.fct_daily_usage.provider
    LIMIT %(param_1)s::INTEGER
),
groups AS (
    SELECT usage.fct_daily_usage.provider AS provider,
    coalesce(cast(sum(requests) as bigint), 0) AS requests
    FROM usage.fct_daily_usage
    WHERE usage.fct_daily_usage.day >= %(day_1)s::DATE
    AND usage.fct_daily_usage.day <= %(day_2)s::DATE
    AND usage.fct_daily_usage.provider IN (
        SELECT top_values.value
        FROM top_values
    )
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.provider AS provider,
        page.requests AS requests
        FROM (
            SELECT groups.provider AS provider,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.provider ASC
            LIMIT %(param_2)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT count(*) AS count_1
    FROM groups
) AS total_count

-- day_1 = datetime.date(2026, 1, 1)
-- day_2 = datetime.date(2026, 1, 31)
-- param_1 = 2
-- param_2 = 100
