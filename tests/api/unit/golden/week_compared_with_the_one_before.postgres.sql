WITH groups AS (
    SELECT coalesce(cast(sum(1) as bigint), 0) AS requests
    FROM usage.fct_requests
    WHERE usage.fct_requests.requested_at >= %(requested_at_1)s::TIMESTAMP WITH TIME ZONE
    AND usage.fct_requests.requested_at <= %(requested_at_2)s::TIMESTAMP WITH TIME ZONE
),
page AS (
    SELECT groups.requests AS requests,
    row_number() OVER () AS position
    FROM groups
    WHERE true
    LIMIT %(param_3)s::INTEGER
),
previous_period AS (
    SELECT coalesce(cast(sum(1) as bigint), 0) AS requests
    FROM usage.fct_requests
    WHERE usage.fct_requests.requested_at >= %(requested_at_3)s::TIMESTAMP WITH TIME ZONE
    AND usage.fct_requests.requested_at <= %(requested_at_4)s::TIMESTAMP WITH TIME ZONE
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT json_build_array(json_build_object('to', %(param_1)s::VARCHAR, %(param_2)s::VARCHAR, json_build_object('value', coalesce(previous_period.requests, 0), 'delta', page.requests - coalesce(previous_period.requests, 0), 'percentage', CAST(trim_scale((CAST(page.requests - coalesce(previous_period.requests, 0) AS NUMERIC) * 100.00000000000000000000) / CAST(nullif(CAST(coalesce(previous_period.requests, 0) AS NUMERIC), %(nullif_1)s::INTEGER) AS NUMERIC)) AS TEXT)))) AS comparisons
        FROM page
        LEFT OUTER JOIN previous_period ON true
        WHERE page.position <= %(position_1)s::INTEGER
        ORDER BY page.position
    ) AS node
) AS nodes

-- nullif_1 = 0
-- param_1 = 'previous_period'
-- param_2 = 'requests'
-- param_3 = 101
-- position_1 = 100
-- requested_at_1 = datetime.datetime(2026, 2, 8, 12, 30)
-- requested_at_2 = datetime.datetime(2026, 2, 15, 12, 30)
-- requested_at_3 = datetime.datetime(2026, 2, 1, 12, 30)
-- requested_at_4 = datetime.datetime(2026, 2, 8, 12, 30)
