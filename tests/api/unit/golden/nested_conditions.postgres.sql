WITH groups AS (
    SELECT usage.fct_requests.provider AS provider,
    coalesce(cast(sum(1) as bigint), 0) AS requests
    FROM usage.fct_requests
    WHERE usage.fct_requests.provider = %(provider_1)s::VARCHAR
    AND (usage.fct_requests.status = %(status_1)s::VARCHAR) IS NOT true
    OR usage.fct_requests.is_priced = false
    AND usage.fct_requests.session_id IS NULL
    OR (usage.fct_requests.modality = ANY (%(param_1)s::TEXT[]) OR usage.fct_requests.is_successful IS DISTINCT FROM true) IS NOT true
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.provider AS provider,
        page.requests AS requests
        FROM (
            SELECT groups.provider AS provider,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.provider ASC
            LIMIT %(param_2)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- param_1 = ['STT', 'TTS']
-- param_2 = 100
-- provider_1 = 'openai'
-- status_1 = 'failed'
