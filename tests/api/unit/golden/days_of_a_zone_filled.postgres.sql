WITH periods AS (
    SELECT least(timezone(%(timezone_2)s::VARCHAR, moment), timezone(%(timezone_3)s::VARCHAR, moment - interval '1 microsecond') + interval '1 microsecond') AS period
    FROM generate_series(date_trunc(%(date_trunc_1)s::VARCHAR, timezone(%(timezone_4)s::VARCHAR, least(timezone(%(timezone_5)s::VARCHAR, date_trunc(%(date_trunc_2)s::VARCHAR, timezone(%(timezone_6)s::VARCHAR, CAST(%(param_1)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE)))), timezone(%(timezone_7)s::VARCHAR, date_trunc(%(date_trunc_2)s::VARCHAR, timezone(%(timezone_6)s::VARCHAR, CAST(%(param_1)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE))) - interval '1 microsecond') + interval '1 microsecond'))), date_trunc(%(date_trunc_3)s::VARCHAR, timezone(%(timezone_8)s::VARCHAR, least(timezone(%(timezone_9)s::VARCHAR, date_trunc(%(date_trunc_4)s::VARCHAR, timezone(%(timezone_10)s::VARCHAR, CAST(%(param_2)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE)))), timezone(%(timezone_11)s::VARCHAR, date_trunc(%(date_trunc_4)s::VARCHAR, timezone(%(timezone_10)s::VARCHAR, CAST(%(param_2)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE))) - interval '1 microsecond') + interval '1 microsecond'))), interval '1 day') AS moment
    WHERE date_trunc(%(date_trunc_5)s::VARCHAR, timezone(%(timezone_12)s::VARCHAR, least(timezone(%(timezone_2)s::VARCHAR, moment), timezone(%(timezone_3)s::VARCHAR, moment - interval '1 microsecond') + interval '1 microsecond'))) = moment
    LIMIT %(param_3)s::INTEGER
),
aggregated AS (
    SELECT least(timezone(%(timezone_13)s::VARCHAR, date_trunc(%(date_trunc_6)s::VARCHAR, timezone(%(timezone_14)s::VARCHAR, usage.fct_requests.requested_at))), timezone(%(timezone_15)s::VARCHAR, date_trunc(%(date_trunc_6)s::VARCHAR, timezone(%(timezone_14)s::VARCHAR, usage.fct_requests.requested_at)) - interval '1 microsecond') + interval '1 microsecond') AS requested_at,
    coalesce(cast(sum(1) as bigint), 0) AS requests
    FROM usage.fct_requests
    WHERE usage.fct_requests.requested_at >= %(requested_at_1)s::TIMESTAMP WITH TIME ZONE
    AND usage.fct_requests.requested_at <= %(requested_at_2)s::TIMESTAMP WITH TIME ZONE
    AND usage.fct_requests.requested_at IS NOT NULL
    GROUP BY 1
),
groups AS (
    SELECT periods.period AS requested_at,
    coalesce(aggregated."requests", 0) AS requests
    FROM periods
    LEFT OUTER JOIN aggregated ON aggregated.requested_at = periods.period
    WHERE (
        SELECT count(*) AS count_1
        FROM periods
    ) <= %(param_4)s::INTEGER
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT to_char(timezone(%(timezone_1)s::VARCHAR, page.requested_at), %(to_char_1)s::VARCHAR) AS requested_at,
        page.requests AS requests
        FROM (
            SELECT groups.requested_at AS requested_at,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.requested_at ASC
            LIMIT %(param_5)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT count(*) AS count_1
    FROM periods
) AS filled_groups

-- date_trunc_1 = 'day'
-- date_trunc_2 = 'day'
-- date_trunc_3 = 'day'
-- date_trunc_4 = 'day'
-- date_trunc_5 = 'day'
-- date_trunc_6 = 'day'
-- param_1 = datetime.datetime(2026, 3, 20, 0, 0)
-- param_2 = datetime.datetime(2026, 4, 2, 0, 0)
-- param_3 = 1000001
-- param_4 = 1000000
-- param_5 = 100
-- requested_at_1 = datetime.datetime(2026, 3, 20, 0, 0)
-- requested_at_2 = datetime.datetime(2026, 4, 2, 0, 0)
-- timezone_1 = 'UTC'
-- timezone_10 = 'Europe/Berlin'
-- timezone_11 = 'Europe/Berlin'
-- timezone_12 = 'Europe/Berlin'
-- timezone_13 = 'Europe/Berlin'
-- timezone_14 = 'Europe/Berlin'
-- timezone_15 = 'Europe/Berlin'
-- timezone_2 = 'Europe/Berlin'
-- timezone_3 = 'Europe/Berlin'
-- timezone_4 = 'Europe/Berlin'
-- timezone_5 = 'Europe/Berlin'
-- timezone_6 = 'Europe/Berlin'
-- timezone_7 = 'Europe/Berlin'
-- timezone_8 = 'Europe/Berlin'
-- timezone_9 = 'Europe/Berlin'
-- to_char_1 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
