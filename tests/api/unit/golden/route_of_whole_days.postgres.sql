WITH groups AS (
    SELECT date_trunc(%(date_trunc_1)s::VARCHAR, legs.requested_at, %(date_trunc_2)s::VARCHAR) AS requested_at,
    count(distinct active_users_part) AS active_users,
    max(last_requested_at_part) AS last_requested_at,
    coalesce(cast(coalesce(cast(sum(successful_requests_part) as bigint), 0) as numeric) / nullif(coalesce(cast(sum(requests_part) as bigint), 0), 0), 0) AS success_rate
    FROM (
        SELECT usage.fct_daily_usage.source_system AS source_system,
        usage.fct_daily_usage.organization_id AS organization_id,
        timezone(%(timezone_3)s::VARCHAR, CAST(usage.fct_daily_usage.day AS TIMESTAMP WITHOUT TIME ZONE)) AS requested_at,
        source_system || '/' || organization_id || '/' || user_id AS active_users_part,
        last_requested_at AS last_requested_at_part,
        successful_requests AS successful_requests_part,
        requests AS requests_part
        FROM usage.fct_daily_usage
        WHERE usage.fct_daily_usage.day >= %(day_1)s::DATE
        AND usage.fct_daily_usage.day < %(day_2)s::DATE
    ) AS legs
    WHERE true
    AND legs.requested_at IS NOT NULL
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT to_char(timezone(%(timezone_1)s::VARCHAR, page.requested_at), %(to_char_1)s::VARCHAR) AS requested_at,
        page.active_users AS active_users,
        to_char(timezone(%(timezone_2)s::VARCHAR, page.last_requested_at), %(to_char_2)s::VARCHAR) AS last_requested_at,
        CAST(page.success_rate AS DOUBLE PRECISION) AS success_rate
        FROM (
            SELECT groups.requested_at AS requested_at,
            groups.active_users AS active_users,
            groups.last_requested_at AS last_requested_at,
            groups.success_rate AS success_rate
            FROM groups
            WHERE true
            ORDER BY groups.requested_at ASC
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- date_trunc_1 = 'day'
-- date_trunc_2 = 'UTC'
-- day_1 = datetime.date(2026, 3, 1)
-- day_2 = datetime.date(2026, 3, 8)
-- param_1 = 100
-- timezone_1 = 'UTC'
-- timezone_2 = 'UTC'
-- timezone_3 = 'UTC'
-- to_char_1 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
-- to_char_2 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
