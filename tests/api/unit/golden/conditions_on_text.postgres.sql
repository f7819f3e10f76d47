WITH groups AS (
    SELECT usage.fct_requests.model AS model
    FROM usage.fct_requests
    WHERE usage.fct_requests.model IS DISTINCT FROM %(model_1)s::VARCHAR
    AND usage.fct_requests.model = ANY (%(param_1)s::TEXT[])
    AND (usage.fct_requests.model = ANY (%(param_2)s::TEXT[])) IS NOT true
    AND usage.fct_requests.model IS NOT NULL
    AND usage.fct_requests.model > %(model_2)s::VARCHAR
    AND usage.fct_requests.model >= %(model_3)s::VARCHAR
    AND usage.fct_requests.model < %(model_4)s::VARCHAR
    AND usage.fct_requests.model <= %(model_5)s::VARCHAR
    AND strpos(usage.fct_requests.model, %(strpos_1)s::VARCHAR) > %(strpos_2)s::INTEGER
    AND strpos(lower(usage.fct_requests.model), lower(%(lower_1)s::VARCHAR)) > %(strpos_3)s::INTEGER
    AND starts_with(usage.fct_requests.model, %(starts_with_1)s::VARCHAR)
    AND right(usage.fct_requests.model, length(%(length_1)s::VARCHAR)) = %(right_1)s::VARCHAR
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

-- length_1 = '_'
-- lower_1 = 'MINI'
-- model_1 = 'x'
-- model_2 = 'a'
-- model_3 = 'b'
-- model_4 = 'z'
-- model_5 = 'y'
-- param_1 = ['gpt-4o', 'gpt_4o']
-- param_2 = ['100%']
-- param_3 = 100
-- right_1 = '_'
-- starts_with_1 = 'gpt'
-- strpos_1 = '%'
-- strpos_2 = 0
-- strpos_3 = 0
