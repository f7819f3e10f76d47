WITH periods AS (
    SELECT CAST(moment AS DATE) AS period
    FROM generate_series(CAST(date_trunc(%(date_trunc_1)s::VARCHAR, CAST(%(param_1)s::DATE AS DATE)) AS DATE), CAST(date_trunc(%(date_trunc_2)s::VARCHAR, CAST(%(param_2)s::DATE AS DATE)) AS DATE), interval '1 day') AS moment
    LIMIT %(param_3)s::INTEGER
),
aggregated AS (
    SELECT usage.fct_daily_usage.day AS day,
    max(last_requested_at) AS last_requested_at,
    max(max_latency_ms) AS max_latency_ms,
    coalesce(cast(sum(requests) as bigint), 0) AS requests
    FROM usage.fct_daily_usage
    WHERE usage.fct_daily_usage.day >= %(day_1)s::DATE
    AND usage.fct_daily_usage.day <= %(day_2)s::DATE
    GROUP BY 1
),
groups AS (
    SELECT periods.period AS day,
    coalesce(aggregated."last_requested_at", null) AS last_requested_at,
    coalesce(aggregated."max_latency_ms", null) AS max_latency_ms,
    coalesce(aggregated."requests", 0) AS requests
    FROM periods
    LEFT OUTER JOIN aggregated ON aggregated.day = periods.period
    WHERE (
        SELECT count(*) AS count_1
        FROM periods
    ) <= %(param_4)s::INTEGER
),
axis AS (
    SELECT DISTINCT groups.day AS at
    FROM groups
),
line AS (
    SELECT DISTINCT %(param_6)s::VARCHAR AS series_name
),
line_total AS (
    SELECT coalesce(cast(sum(requests) as bigint), 0) AS requests,
    max(last_requested_at) AS last_requested_at
    FROM usage.fct_daily_usage
    WHERE usage.fct_daily_usage.day >= %(day_1)s::DATE
    AND usage.fct_daily_usage.day <= %(day_2)s::DATE
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.day AS day,
        to_char(timezone(%(timezone_1)s::VARCHAR, page.last_requested_at), %(to_char_1)s::VARCHAR) AS last_requested_at,
        page.max_latency_ms AS max_latency_ms,
        page.requests AS requests
        FROM (
            SELECT groups.day AS day,
            groups.last_requested_at AS last_requested_at,
            groups.max_latency_ms AS max_latency_ms,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.last_requested_at DESC NULLS LAST, groups.day ASC
            LIMIT %(param_5)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT row_to_json(totals) AS row_to_json_1
    FROM (
        SELECT to_char(timezone(%(timezone_2)s::VARCHAR, min(first_requested_at)), %(to_char_2)s::VARCHAR) AS first_requested_at
        FROM usage.fct_daily_usage
        WHERE usage.fct_daily_usage.day >= %(day_1)s::DATE
        AND usage.fct_daily_usage.day <= %(day_2)s::DATE
    ) AS totals
) AS totals,
(
    SELECT row_to_json(chart) AS row_to_json_2
    FROM (
        SELECT (
            SELECT count(*) AS count_2
            FROM axis
        ) * (
            SELECT count(*) AS count_3
            FROM line
        ) AS points,
        coalesce((
            SELECT json_agg(label) AS labels
            FROM (
                SELECT axis.at AS label
                FROM axis
                ORDER BY axis.at
            ) AS ordered_axis
        ), '[]'::json) AS labels,
        CASE WHEN ((
            SELECT count(*) AS count_2
            FROM axis
        ) * (
            SELECT count(*) AS count_3
            FROM line
        ) <= %(param_7)s::INTEGER) THEN (
            SELECT coalesce(json_agg(json_build_object(%(param_8)s::VARCHAR, grid.series_name, %(param_9)s::VARCHAR, json_build_object(%(param_10)s::VARCHAR, grid.requests), %(param_11)s::VARCHAR, json_build_object(%(param_12)s::VARCHAR, coalesce(line_total.requests, %(coalesce_3)s::INTEGER)), %(param_13)s::VARCHAR, json_build_object(%(param_14)s::VARCHAR, to_char(timezone(%(timezone_3)s::VARCHAR, line_total.last_requested_at), %(to_char_3)s::VARCHAR), %(param_15)s::VARCHAR, coalesce(line_total.requests, %(coalesce_4)s::INTEGER))) ORDER BY grid.series_name), '[]'::json) AS coalesce_2
            FROM (
                SELECT line.series_name AS series_name,
                json_agg(coalesce(groups.requests, %(coalesce_5)s::INTEGER) ORDER BY axis.at) AS requests
                FROM line
                JOIN axis ON true
                LEFT OUTER JOIN groups ON groups.day = axis.at
                AND true
                GROUP BY line.series_name
            ) AS grid
            LEFT OUTER JOIN line_total ON true
        ) ELSE '[]'::json END AS series
    ) AS chart
) AS chart,
(
    SELECT count(*) AS count_1
    FROM periods
) AS filled_groups

-- coalesce_3 = 0
-- coalesce_4 = 0
-- coalesce_5 = 0
-- date_trunc_1 = 'day'
-- date_trunc_2 = 'day'
-- day_1 = datetime.date(2026, 1, 1)
-- day_2 = datetime.date(2026, 1, 31)
-- param_1 = datetime.date(2026, 1, 1)
-- param_10 = 'requests'
-- param_11 = 'total'
-- param_12 = 'requests'
-- param_13 = 'totals'
-- param_14 = 'last_requested_at'
-- param_15 = 'requests'
-- param_2 = datetime.date(2026, 1, 31)
-- param_3 = 1000001
-- param_4 = 1000000
-- param_5 = 100
-- param_6 = 'total'
-- param_7 = 100000
-- param_8 = 'name'
-- param_9 = 'data'
-- timezone_1 = 'UTC'
-- timezone_2 = 'UTC'
-- timezone_3 = 'UTC'
-- to_char_1 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
-- to_char_2 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
-- to_char_3 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
