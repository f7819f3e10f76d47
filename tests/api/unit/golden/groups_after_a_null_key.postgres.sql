WITH groups AS (
    SELECT usage.fct_requests.session_id AS session_id,
    usage.fct_requests.provider AS provider,
    coalesce(cast(sum(1) as bigint), 0) AS requests
    FROM usage.fct_requests
    WHERE true
    GROUP BY 1, 2
),
page AS (
    SELECT groups.session_id AS session_id,
    groups.provider AS provider,
    groups.requests AS requests,
    row_number() OVER (ORDER BY groups.session_id DESC NULLS LAST, groups.provider ASC) AS position
    FROM groups
    WHERE groups.session_id IS NULL
    AND (groups.provider > %(param_1)s::VARCHAR OR groups.provider IS NULL)
    ORDER BY groups.session_id DESC NULLS LAST, groups.provider ASC
    LIMIT %(param_2)s::INTEGER
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.session_id AS session_id,
        page.provider AS provider,
        page.requests AS requests
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
            SELECT json_build_array(CAST(page.session_id AS TEXT), CAST(page.provider AS TEXT)) AS json_build_array_1
            FROM page
            WHERE page.position <= %(position_2)s::INTEGER
            ORDER BY page.position DESC
            LIMIT %(param_3)s::INTEGER
        ) AS end_keys
    ) AS page_info
) AS page

-- param_1 = 'openai'
-- param_2 = 4
-- param_3 = 1
-- position_1 = 3
-- position_2 = 3
