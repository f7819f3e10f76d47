WITH groups AS (
    SELECT usage.fct_monthly_usage.project_id AS project_id,
    coalesce(sum(cost_usd), 0) AS cost_usd
    FROM usage.fct_monthly_usage
    WHERE usage.fct_monthly_usage.source_system = %(source_system_1)s::VARCHAR
    AND usage.fct_monthly_usage.organization_id = %(organization_id_1)s::VARCHAR
    AND usage.fct_monthly_usage.month >= %(month_1)s::DATE
    AND usage.fct_monthly_usage.project_id = ANY (%(param_1)s::TEXT[])
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.project_id AS project_id,
        CAST(trim_scale(page.cost_usd) AS TEXT) AS cost_usd
        FROM (
            SELECT groups.project_id AS project_id,
            groups.cost_usd AS cost_usd
            FROM groups
            WHERE true
            ORDER BY groups.project_id ASC
            LIMIT %(param_2)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- month_1 = datetime.date(2025, 1, 1)
-- organization_id_1 = '1'
-- param_1 = ['11', '12']
-- param_2 = 100
-- source_system_1 = 'kaapi'
