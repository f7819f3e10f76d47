WITH groups AS (
    SELECT usage.fct_requests.provider AS provider
    FROM usage.fct_requests
    WHERE true
    GROUP BY 1
),
page AS (
    SELECT groups.provider AS provider,
    row_number() OVER (ORDER BY groups.provider ASC) AS position
    FROM groups
    WHERE true
    ORDER BY groups.provider ASC
    LIMIT %(param_1)s::INTEGER
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT NULL AS _
        FROM page
        WHERE page.position <= %(position_1)s::INTEGER
        ORDER BY page.position
    ) AS node
) AS nodes

-- param_1 = 101
-- position_1 = 100
