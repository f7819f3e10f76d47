WITH groups AS (
    SELECT usage.fct_monthly_usage.month AS month,
    usage.fct_monthly_usage.provider AS provider,
    coalesce(sum(cost_usd), 0) AS cost_usd,
    coalesce(cast(sum(llm_call_requests) as bigint), 0) AS llm_call_requests,
    coalesce(cast(sum(requests) as bigint), 0) AS requests
    FROM usage.fct_monthly_usage
    WHERE usage.fct_monthly_usage.source_system = %(source_system_1)s::VARCHAR
    AND usage.fct_monthly_usage.organization_id = %(organization_id_1)s::VARCHAR
    AND usage.fct_monthly_usage.project_id = %(project_id_1)s::VARCHAR
    AND usage.fct_monthly_usage.month >= %(month_1)s::DATE
    AND usage.fct_monthly_usage.month <= %(month_2)s::DATE
    AND usage.fct_monthly_usage.modality = %(modality_1)s::VARCHAR
    GROUP BY 1, 2
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.month AS month,
        page.provider AS provider,
        CAST(trim_scale(page.cost_usd) AS TEXT) AS cost_usd,
        page.llm_call_requests AS llm_call_requests,
        page.requests AS requests
        FROM (
            SELECT groups.month AS month,
            groups.provider AS provider,
            groups.cost_usd AS cost_usd,
            groups.llm_call_requests AS llm_call_requests,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.month ASC, groups.provider ASC
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT count(*) AS count_1
    FROM groups
) AS total_count

-- modality_1 = 'T-FS-T'
-- month_1 = datetime.date(2025, 1, 1)
-- month_2 = datetime.date(2025, 3, 1)
-- organization_id_1 = '1'
-- param_1 = 100
-- project_id_1 = '12'
-- source_system_1 = 'kaapi'
