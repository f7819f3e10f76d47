WITH groups AS (
    SELECT least(timezone(%(timezone_2)s::VARCHAR, date_trunc(%(date_trunc_1)s::VARCHAR, timezone(%(timezone_3)s::VARCHAR, legs.requested_at))), timezone(%(timezone_4)s::VARCHAR, date_trunc(%(date_trunc_1)s::VARCHAR, timezone(%(timezone_3)s::VARCHAR, legs.requested_at)) - interval '1 microsecond') + interval '1 microsecond') AS requested_at,
    coalesce(cast(sum(requests_part) as bigint), 0) AS requests
    FROM (
        SELECT usage.fct_hourly_usage.source_system AS source_system,
        usage.fct_hourly_usage.organization_id AS organization_id,
        usage.fct_hourly_usage.project_id AS project_id,
        usage.fct_hourly_usage.hour AS requested_at,
        requests AS requests_part
        FROM usage.fct_hourly_usage
        WHERE usage.fct_hourly_usage.source_system = %(source_system_1)s::VARCHAR
        AND usage.fct_hourly_usage.organization_id = %(organization_id_1)s::VARCHAR
        AND usage.fct_hourly_usage.project_id = %(project_id_1)s::VARCHAR
        AND usage.fct_hourly_usage.hour >= %(hour_1)s::TIMESTAMP WITH TIME ZONE
        AND usage.fct_hourly_usage.hour < %(hour_2)s::TIMESTAMP WITH TIME ZONE
        AND usage.fct_hourly_usage.hour != ALL (%(param_1)s::TIMESTAMP WITH TIME ZONE [ ])
        UNION ALL
        SELECT usage.fct_requests.source_system AS source_system,
        usage.fct_requests.organization_id AS organization_id,
        usage.fct_requests.project_id AS project_id,
        usage.fct_requests.requested_at AS requested_at,
        CAST((1) AS BIGINT) AS requests_part
        FROM usage.fct_requests,
        unnest(%(param_2)s::TIMESTAMP WITH TIME ZONE [ ]) AS torn(torn_hour)
        WHERE usage.fct_requests.source_system = %(source_system_2)s::VARCHAR
        AND usage.fct_requests.organization_id = %(organization_id_2)s::VARCHAR
        AND usage.fct_requests.project_id = %(project_id_2)s::VARCHAR
        AND usage.fct_requests.requested_at >= %(requested_at_1)s::TIMESTAMP WITH TIME ZONE
        AND usage.fct_requests.requested_at < %(requested_at_2)s::TIMESTAMP WITH TIME ZONE
        AND usage.fct_requests.requested_at >= torn.torn_hour
        AND usage.fct_requests.requested_at < torn.torn_hour + interval '1 hour'
    ) AS legs
    WHERE true
    AND legs.requested_at IS NOT NULL
    GROUP BY 1
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
            LIMIT %(param_3)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- date_trunc_1 = 'day'
-- hour_1 = datetime.datetime(2026, 3, 1, 0, 0)
-- hour_2 = datetime.datetime(2026, 3, 3, 0, 0)
-- organization_id_1 = '1'
-- organization_id_2 = '1'
-- param_1 = [datetime.datetime(2026, 3, 1, 18, 0), datetime.datetime(2026, 3, 2, 18, 0)]
-- param_2 = [datetime.datetime(2026, 3, 1, 18, 0), datetime.datetime(2026, 3, 2, 18, 0)]
-- param_3 = 100
-- project_id_1 = '12'
-- project_id_2 = '12'
-- requested_at_1 = datetime.datetime(2026, 3, 1, 0, 0)
-- requested_at_2 = datetime.datetime(2026, 3, 3, 0, 0)
-- source_system_1 = 'kaapi'
-- source_system_2 = 'kaapi'
-- timezone_1 = 'UTC'
-- timezone_2 = 'Asia/Kathmandu'
-- timezone_3 = 'Asia/Kathmandu'
-- timezone_4 = 'Asia/Kathmandu'
-- to_char_1 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
