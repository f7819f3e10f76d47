WITH aggregated AS (
    SELECT date_trunc(%(date_trunc_5)s::VARCHAR, usage.fct_requests.requested_at, %(date_trunc_6)s::VARCHAR) AS requested_at,
    usage.fct_requests.status AS status,
    usage.fct_requests.provider AS provider,
    coalesce(cast(sum(1) as bigint), 0) AS requests
    FROM usage.fct_requests
    WHERE usage.fct_requests.requested_at >= %(requested_at_1)s::TIMESTAMP WITH TIME ZONE
    AND usage.fct_requests.requested_at IS NOT NULL
    GROUP BY 1, 2, 3
),
periods AS (
    SELECT moments.period AS period
    FROM (
        SELECT moment AS period
        FROM generate_series(date_trunc(%(date_trunc_1)s::VARCHAR, CAST(%(param_1)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), %(date_trunc_2)s::VARCHAR), date_trunc(%(date_trunc_3)s::VARCHAR, CAST(%(param_2)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), %(date_trunc_4)s::VARCHAR), interval '1 week', %(generate_series_1)s::VARCHAR) AS moment
        UNION ALL
        SELECT DISTINCT aggregated.requested_at AS period
        FROM aggregated
        WHERE aggregated.requested_at > date_trunc(%(date_trunc_3)s::VARCHAR, CAST(%(param_2)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), %(date_trunc_4)s::VARCHAR)
    ) AS moments
    LIMIT %(param_3)s::INTEGER
),
other_keys AS (
    SELECT DISTINCT aggregated.status AS status,
    aggregated.provider AS provider
    FROM aggregated
),
groups AS (
    SELECT periods.period AS requested_at,
    other_keys.status AS status,
    other_keys.provider AS provider,
    aggregated.requests AS requests
    FROM periods
    JOIN other_keys ON true
    LEFT OUTER JOIN aggregated ON aggregated.requested_at = periods.period
    AND aggregated.status IS NOT DISTINCT FROM other_keys.status
    AND aggregated.provider = other_keys.provider
    WHERE (
        SELECT count(*) AS count_1
        FROM periods
    ) * (
        SELECT count(*) AS count_2
        FROM other_keys
    ) <= %(param_4)s::INTEGER
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.provider AS provider,
        page.status AS status,
        to_char(timezone(%(timezone_1)s::VARCHAR, page.requested_at), %(to_char_1)s::VARCHAR) AS requested_at,
        page.requests AS requests
        FROM (
            SELECT groups.requested_at AS requested_at,
            groups.status AS status,
            groups.provider AS provider,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.requested_at ASC, groups.status ASC, groups.provider ASC
            LIMIT %(param_5)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT count(*) AS count_1
    FROM periods
) * (
    SELECT count(*) AS count_2
    FROM other_keys
) AS filled_groups

-- date_trunc_1 = 'week'
-- date_trunc_2 = 'UTC'
-- date_trunc_3 = 'week'
-- date_trunc_4 = 'UTC'
-- date_trunc_5 = 'week'
-- date_trunc_6 = 'UTC'
-- generate_series_1 = 'UTC'
-- param_1 = datetime.datetime(2026, 1, 1, 0, 0)
-- param_2 = datetime.datetime(2026, 2, 15, 12, 30)
-- param_3 = 1000001
-- param_4 = 1000000
-- param_5 = 100
-- requested_at_1 = datetime.datetime(2026, 1, 1, 0, 0)
-- timezone_1 = 'UTC'
-- to_char_1 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
