WITH groups AS (
    SELECT CAST(EXTRACT (hour FROM timezone(%(timezone_1)s::VARCHAR, usage.fct_requests.requested_at)) AS BIGINT) AS hour_of_day,
    coalesce(cast(sum(1) as bigint), 0) AS requests
    FROM usage.fct_requests
    WHERE usage.fct_requests.source_system = %(source_system_1)s::VARCHAR
    AND usage.fct_requests.organization_id = %(organization_id_1)s::VARCHAR
    AND usage.fct_requests.project_id = %(project_id_1)s::VARCHAR
    AND CAST(EXTRACT (isodow FROM timezone(%(timezone_2)s::VARCHAR, usage.fct_requests.requested_at)) AS BIGINT) = ANY (%(param_1)s::BIGINT[])
    AND usage.fct_requests.requested_at IS NOT NULL
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.hour_of_day AS hour_of_day,
        page.requests AS requests
        FROM (
            SELECT groups.hour_of_day AS hour_of_day,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.requests DESC NULLS LAST, groups.hour_of_day ASC
            LIMIT %(param_2)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- organization_id_1 = '1'
-- param_1 = [6, 7]
-- param_2 = 100
-- project_id_1 = '12'
-- source_system_1 = 'kaapi'
-- timezone_1 = 'Asia/Kathmandu'
-- timezone_2 = 'Asia/Kathmandu'
