WITH groups AS (
    SELECT CASE WHEN (timezone(%(timezone_2)s::VARCHAR, date_trunc(%(date_trunc_1)s::VARCHAR, usage.fct_requests.requested_at, %(date_trunc_2)s::VARCHAR)) = date_trunc(%(date_trunc_3)s::VARCHAR, timezone(%(timezone_3)s::VARCHAR, usage.fct_requests.requested_at))) THEN date_trunc(%(date_trunc_1)s::VARCHAR, usage.fct_requests.requested_at, %(date_trunc_2)s::VARCHAR) ELSE timezone(%(timezone_4)s::VARCHAR, date_trunc(%(date_trunc_3)s::VARCHAR, timezone(%(timezone_3)s::VARCHAR, usage.fct_requests.requested_at))) END AS requested_at,
    coalesce(cast(sum(1) as bigint), 0) AS requests
    FROM usage.fct_requests
    WHERE usage.fct_requests.requested_at >= %(requested_at_1)s::TIMESTAMP WITH TIME ZONE
    AND usage.fct_requests.requested_at IS NOT NULL
    GROUP BY 1
),
page AS (
    SELECT groups.requested_at AS requested_at,
    groups.requests AS requests,
    row_number() OVER (ORDER BY groups.requested_at ASC) AS position
    FROM groups
    WHERE true
    ORDER BY groups.requested_at ASC
    LIMIT %(param_3)s::INTEGER
),
previous_day AS (
    SELECT CASE WHEN (timezone(%(timezone_5)s::VARCHAR, date_trunc(%(date_trunc_4)s::VARCHAR, usage.fct_requests.requested_at, %(date_trunc_5)s::VARCHAR)) = date_trunc(%(date_trunc_6)s::VARCHAR, timezone(%(timezone_6)s::VARCHAR, usage.fct_requests.requested_at))) THEN date_trunc(%(date_trunc_4)s::VARCHAR, usage.fct_requests.requested_at, %(date_trunc_5)s::VARCHAR) ELSE timezone(%(timezone_7)s::VARCHAR, date_trunc(%(date_trunc_6)s::VARCHAR, timezone(%(timezone_6)s::VARCHAR, usage.fct_requests.requested_at))) END AS requested_at,
    coalesce(cast(sum(1) as bigint), 0) AS requests
    FROM usage.fct_requests
    WHERE usage.fct_requests.requested_at >= %(requested_at_2)s::TIMESTAMP WITH TIME ZONE
    AND usage.fct_requests.requested_at <= %(requested_at_3)s::TIMESTAMP WITH TIME ZONE
    AND usage.fct_requests.requested_at IS NOT NULL
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT to_char(timezone(%(timezone_1)s::VARCHAR, page.requested_at), %(to_char_1)s::VARCHAR) AS requested_at,
        json_build_array(json_build_object('to', %(param_1)s::VARCHAR, %(param_2)s::VARCHAR, json_build_object('value', coalesce(previous_day.requests, 0), 'delta', page.requests - coalesce(previous_day.requests, 0), 'percentage', CAST(trim_scale((CAST(page.requests - coalesce(previous_day.requests, 0) AS NUMERIC) * 100.00000000000000000000) / CAST(nullif(CAST(coalesce(previous_day.requests, 0) AS NUMERIC), %(nullif_1)s::INTEGER) AS NUMERIC)) AS TEXT)))) AS comparisons
        FROM page
        LEFT OUTER JOIN previous_day ON previous_day.requested_at = CASE WHEN (timezone(%(timezone_8)s::VARCHAR, date_trunc(%(date_trunc_7)s::VARCHAR, timezone(%(timezone_9)s::VARCHAR, timezone(%(timezone_10)s::VARCHAR, page.requested_at) - interval '1 days'), %(date_trunc_8)s::VARCHAR)) = date_trunc(%(date_trunc_9)s::VARCHAR, timezone(%(timezone_11)s::VARCHAR, timezone(%(timezone_9)s::VARCHAR, timezone(%(timezone_10)s::VARCHAR, page.requested_at) - interval '1 days')))) THEN date_trunc(%(date_trunc_7)s::VARCHAR, timezone(%(timezone_9)s::VARCHAR, timezone(%(timezone_10)s::VARCHAR, page.requested_at) - interval '1 days'), %(date_trunc_8)s::VARCHAR) ELSE timezone(%(timezone_12)s::VARCHAR, date_trunc(%(date_trunc_9)s::VARCHAR, timezone(%(timezone_11)s::VARCHAR, timezone(%(timezone_9)s::VARCHAR, timezone(%(timezone_10)s::VARCHAR, page.requested_at) - interval '1 days')))) END
        WHERE page.position <= %(position_1)s::INTEGER
        ORDER BY page.position
    ) AS node
) AS nodes

-- date_trunc_1 = 'hour'
-- date_trunc_2 = 'Europe/Berlin'
-- date_trunc_3 = 'hour'
-- date_trunc_4 = 'hour'
-- date_trunc_5 = 'Europe/Berlin'
-- date_trunc_6 = 'hour'
-- date_trunc_7 = 'hour'
-- date_trunc_8 = 'Europe/Berlin'
-- date_trunc_9 = 'hour'
-- nullif_1 = 0
-- param_1 = 'previous_day'
-- param_2 = 'requests'
-- param_3 = 101
-- position_1 = 100
-- requested_at_1 = datetime.datetime(2026, 3, 29, 0, 0)
-- requested_at_2 = datetime.datetime(2026, 3, 28, 0, 0)
-- requested_at_3 = datetime.datetime(2026, 2, 14, 12, 30)
-- timezone_1 = 'UTC'
-- timezone_10 = 'Europe/Berlin'
-- timezone_11 = 'Europe/Berlin'
-- timezone_12 = 'Europe/Berlin'
-- timezone_2 = 'Europe/Berlin'
-- timezone_3 = 'Europe/Berlin'
-- timezone_4 = 'Europe/Berlin'
-- timezone_5 = 'Europe/Berlin'
-- timezone_6 = 'Europe/Berlin'
-- timezone_7 = 'Europe/Berlin'
-- timezone_8 = 'Europe/Berlin'
-- timezone_9 = 'Europe/Berlin'
-- to_char_1 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
