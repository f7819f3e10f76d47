WITH groups AS (
    SELECT usage.fct_requests.provider AS provider
    FROM usage.fct_requests
    WHERE true
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT NULL AS _
        FROM (
            SELECT groups.provider AS provider
            FROM groups
            WHERE true
            ORDER BY groups.provider ASC
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- param_1 = 100
