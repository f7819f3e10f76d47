WITH groups AS (
    SELECT usage.fct_requests.request_id AS request_id,
    usage.fct_requests.request_kind AS request_kind,
    usage.fct_requests.source_system AS source_system,
    usage.fct_requests.is_priced AS is_priced,
    usage.fct_requests.requested_at AS requested_at,
    (cost_usd) AS cost_usd,
    (latency_ms) AS latency_ms
    FROM usage.fct_requests
    WHERE usage.fct_requests.source_system = %(source_system_1)s::VARCHAR
    AND usage.fct_requests.organization_id = %(organization_id_1)s::VARCHAR
    AND usage.fct_requests.project_id = %(project_id_1)s::VARCHAR
    AND usage.fct_requests.requested_at >= %(requested_at_1)s::TIMESTAMP WITH TIME ZONE
    AND usage.fct_requests.requested_at < %(requested_at_2)s::TIMESTAMP WITH TIME ZONE
),
page AS (
    SELECT groups.request_id AS request_id,
    groups.request_kind AS request_kind,
    groups.source_system AS source_system,
    groups.is_priced AS is_priced,
    groups.requested_at AS requested_at,
    groups.cost_usd AS cost_usd,
    groups.latency_ms AS latency_ms,
    row_number() OVER (ORDER BY groups.requested_at ASC, groups.source_system ASC, groups.request_kind ASC, groups.request_id ASC) AS position
    FROM groups
    WHERE true
    ORDER BY groups.requested_at ASC, groups.source_system ASC, groups.request_kind ASC, groups.request_id ASC
    LIMIT %(param_1)s::INTEGER
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.request_id AS request_id,
        page.request_kind AS request_kind,
        page.is_priced AS is_priced,
        to_char(timezone(%(timezone_1)s::VARCHAR, page.requested_at), %(to_char_1)s::VARCHAR) AS requested_at,
        CAST(trim_scale(page.cost_usd) AS TEXT) AS cost_usd,
        page.latency_ms AS latency_ms
        FROM page
        WHERE page.position <= %(position_1)s::INTEGER
        ORDER BY page.position
    ) AS node
) AS nodes,
(
    SELECT row_to_json(page_info) AS row_to_json_1
    FROM (
        SELECT (
            SELECT EXISTS (
                SELECT *
                FROM page
                WHERE page.position > %(position_2)s::INTEGER
            ) AS anon_1
        ) AS has_next,
        (
            SELECT json_build_array(CAST(timezone(%(timezone_2)s::VARCHAR, page.requested_at) AS TEXT), CAST(page.source_system AS TEXT), CAST(page.request_kind AS TEXT), CAST(page.request_id AS TEXT)) AS json_build_array_1
            FROM page
            WHERE page.position <= %(position_2)s::INTEGER
            ORDER BY page.position DESC
            LIMIT %(param_2)s::INTEGER
        ) AS end_keys
    ) AS page_info
) AS page,
(
    SELECT count(*) AS count_1
    FROM usage.fct_requests
    WHERE usage.fct_requests.source_system = %(source_system_1)s::VARCHAR
    AND usage.fct_requests.organization_id = %(organization_id_1)s::VARCHAR
    AND usage.fct_requests.project_id = %(project_id_1)s::VARCHAR
    AND usage.fct_requests.requested_at >= %(requested_at_1)s::TIMESTAMP WITH TIME ZONE
    AND usage.fct_requests.requested_at < %(requested_at_2)s::TIMESTAMP WITH TIME ZONE
) AS total_count

-- organization_id_1 = '1'
-- param_1 = 3
-- param_2 = 1
-- position_1 = 2
-- position_2 = 2
-- project_id_1 = '12'
-- requested_at_1 = datetime.datetime(2026, 1, 1, 0, 0)
-- requested_at_2 = datetime.datetime(2026, 2, 1, 0, 0)
-- source_system_1 = 'kaapi'
-- timezone_1 = 'UTC'
-- timezone_2 = 'UTC'
-- to_char_1 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
