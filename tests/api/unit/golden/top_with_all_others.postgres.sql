WITH top_values AS (
    SELECT usage.fct_requests.status AS value
    FROM usage.fct_requests
    WHERE true
    GROUP BY usage.fct_requests.status
    ORDER BY coalesce(sum(cost_usd), 0) DESC NULLS LAST, usage.fct_requests.status
    LIMIT %(param_1)s::INTEGER
),
groups AS (
    SELECT unconditional.status AS status,
    unconditional.is_other AS is_other,
    unconditional.requests AS requests
    FROM (
        SELECT CASE WHEN (coalesce(usage.fct_requests.status IN (
            SELECT top_values.value
            FROM top_values
            WHERE top_values.value IS NOT NULL
        ), false) OR usage.fct_requests.status IS NULL AND (EXISTS (
            SELECT *
            FROM top_values
            WHERE top_values.value IS NULL
        ))) THEN usage.fct_requests.status END AS status,
        NOT (coalesce(usage.fct_requests.status IN (
            SELECT top_values.value
            FROM top_values
            WHERE top_values.value IS NOT NULL
        ), false) OR usage.fct_requests.status IS NULL AND (EXISTS (
            SELECT *
            FROM top_values
            WHERE top_values.value IS NULL
        ))) AS is_other,
        coalesce(cast(sum(1) as bigint), 0) AS requests
        FROM usage.fct_requests
        WHERE true
        GROUP BY 1, 2
    ) AS unconditional
    WHERE unconditional.requests > %(requests_1)s::BIGINT
),
page AS (
    SELECT groups.status AS status,
    groups.is_other AS is_other,
    groups.requests AS requests,
    row_number() OVER (ORDER BY groups.status ASC, groups.is_other ASC) AS position
    FROM groups
    WHERE true
    ORDER BY groups.status ASC, groups.is_other ASC
    LIMIT %(param_2)s::INTEGER
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.status AS status,
        page.is_other AS is_other,
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
            SELECT json_build_array(CAST(page.status AS TEXT), CAST(page.is_other AS TEXT)) AS json_build_array_1
            FROM page
            WHERE page.position <= %(position_2)s::INTEGER
            ORDER BY page.position DESC
            LIMIT %(param_3)s::INTEGER
        ) AS end_keys
    ) AS page_info
) AS page,
(
    SELECT row_to_json(totals) AS row_to_json_2
    FROM (
        SELECT coalesce(cast(sum(1) as bigint), 0) AS requests
        FROM usage.fct_requests
        WHERE EXISTS (
            SELECT *
            FROM groups
            WHERE groups.status IS NOT DISTINCT FROM CASE WHEN (coalesce(usage.fct_requests.status IN (
                SELECT top_values.value
                FROM top_values
                WHERE top_values.value IS NOT NULL
            ), false) OR usage.fct_requests.status IS NULL AND (EXISTS (
                SELECT *
                FROM top_values
                WHERE top_values.value IS NULL
            ))) THEN usage.fct_requests.status END
            AND groups.is_other = (NOT (coalesce(usage.fct_requests.status IN (
                SELECT top_values.value
                FROM top_values
                WHERE top_values.value IS NOT NULL
            ), false) OR usage.fct_requests.status IS NULL AND (EXISTS (
                SELECT *
                FROM top_values
                WHERE top_values.value IS NULL
            ))))
        )
    ) AS totals
) AS totals

-- param_1 = 3
-- param_2 = 101
-- param_3 = 1
-- position_1 = 100
-- position_2 = 100
-- requests_1 = 1
