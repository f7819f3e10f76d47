WITH groups AS (
    SELECT usage.fct_requests.request_id AS request_id,
    usage.fct_requests.request_kind AS request_kind,
    usage.fct_requests.source_system AS source_system,
    usage.fct_requests.requested_at AS requested_at,
    (cost_usd) AS cost_usd
    FROM usage.fct_requests
    WHERE true
),
page AS (
    SELECT groups.request_id AS request_id,
    groups.request_kind AS request_kind,
    groups.source_system AS source_system,
    groups.requested_at AS requested_at,
    groups.cost_usd AS cost_usd,
    row_number() OVER (ORDER BY groups.cost_usd DESC NULLS LAST, groups.requested_at ASC, groups.source_system ASC, groups.request_kind ASC, groups.request_id ASC) AS position
    FROM groups
    WHERE groups.cost_usd < %(param_1)s
    OR groups.cost_usd IS NULL
    OR groups.cost_usd = %(param_1)s
    AND (groups.requested_at > %(param_2)s::TIMESTAMP WITH TIME ZONE OR groups.requested_at IS NULL)
    OR groups.cost_usd = %(param_1)s
    AND groups.requested_at = %(param_2)s::TIMESTAMP WITH TIME ZONE
    AND (groups.source_system > %(param_3)s::VARCHAR OR groups.source_system IS NULL)
    OR groups.cost_usd = %(param_1)s
    AND groups.requested_at = %(param_2)s::TIMESTAMP WITH TIME ZONE
    AND groups.source_system = %(param_3)s::VARCHAR
    AND (groups.request_kind > %(param_4)s::VARCHAR OR groups.request_kind IS NULL)
    OR groups.cost_usd = %(param_1)s
    AND groups.requested_at = %(param_2)s::TIMESTAMP WITH TIME ZONE
    AND groups.source_system = %(param_3)s::VARCHAR
    AND groups.request_kind = %(param_4)s::VARCHAR
    AND (groups.request_id > %(param_5)s::VARCHAR OR groups.request_id IS NULL)
    ORDER BY groups.cost_usd DESC NULLS LAST, groups.requested_at ASC, groups.source_system ASC, groups.request_kind ASC, groups.request_id ASC
    LIMIT %(param_6)s::INTEGER
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.request_id AS request_id,
        CAST(trim_scale(page.cost_usd) AS TEXT) AS cost_usd
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
            SELECT json_build_array(CAST(trim_scale(page.cost_usd) AS TEXT), CAST(timezone(%(timezone_1)s::VARCHAR, page.requested_at) AS TEXT), CAST(page.source_system AS TEXT), CAST(page.request_kind AS TEXT), CAST(page.request_id AS TEXT)) AS json_build_array_1
            FROM page
            WHERE page.position <= %(position_2)s::INTEGER
            ORDER BY page.position DESC
            LIMIT %(param_7)s::INTEGER
        ) AS end_keys
    ) AS page_info
) AS page

-- param_1 = Decimal('0.5')
-- param_2 = datetime.datetime(2026, 1, 31, 12, 0, 0, 250000)
-- param_3 = 'kaapi'
-- param_4 = 'call'
-- param_5 = 'r-1'
-- param_6 = 3
-- param_7 = 1
-- position_1 = 2
-- position_2 = 2
-- timezone_1 = 'UTC'
