WITH groups AS (
    SELECT usage.fct_requests.model AS model
    FROM usage.fct_requests
    WHERE usage.fct_requests.model = ANY (%(param_1)s::TEXT[])
    AND (usage.fct_requests.status = ANY (%(param_2)s::TEXT[])) IS NOT true
    AND true
    AND false
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.model AS model
        FROM (
            SELECT groups.model AS model
            FROM groups
            WHERE true
            ORDER BY groups.model ASC
            LIMIT %(param_3)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- param_1 = []
-- param_2 = []
-- param_3 = 100
