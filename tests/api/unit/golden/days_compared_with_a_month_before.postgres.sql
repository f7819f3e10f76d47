WITH groups AS (
    SELECT unconditional.day AS day,
    unconditional.provider AS provider,
    unconditional.cost_usd AS cost_usd,
    unconditional.requests AS requests
    FROM (
        SELECT usage.fct_daily_usage.day AS day,
        usage.fct_daily_usage.provider AS provider,
        coalesce(sum(cost_usd), 0) AS cost_usd,
        coalesce(cast(sum(requests) as bigint), 0) AS requests
        FROM usage.fct_daily_usage
        WHERE usage.fct_daily_usage.source_system = %(source_system_1)s::VARCHAR
        AND usage.fct_daily_usage.organization_id = %(organization_id_1)s::VARCHAR
        AND usage.fct_daily_usage.project_id = %(project_id_1)s::VARCHAR
        AND usage.fct_daily_usage.day >= %(day_1)s::DATE
        AND usage.fct_daily_usage.day <= %(day_2)s::DATE
        GROUP BY 1, 2
    ) AS unconditional
    WHERE unconditional.requests > %(requests_1)s::BIGINT
),
page AS (
    SELECT groups.day AS day,
    groups.provider AS provider,
    groups.cost_usd AS cost_usd,
    groups.requests AS requests,
    row_number() OVER (ORDER BY groups.day ASC, groups.provider ASC) AS position
    FROM groups
    WHERE true
    ORDER BY groups.day ASC, groups.provider ASC
    LIMIT %(param_3)s::INTEGER
),
previous_month AS (
    SELECT usage.fct_daily_usage.day AS day,
    usage.fct_daily_usage.provider AS provider,
    coalesce(sum(cost_usd), 0) AS cost_usd
    FROM usage.fct_daily_usage
    WHERE usage.fct_daily_usage.source_system = %(source_system_2)s::VARCHAR
    AND usage.fct_daily_usage.organization_id = %(organization_id_2)s::VARCHAR
    AND usage.fct_daily_usage.project_id = %(project_id_2)s::VARCHAR
    AND usage.fct_daily_usage.day >= %(day_3)s::DATE
    AND usage.fct_daily_usage.day < %(day_4)s::DATE
    GROUP BY 1, 2
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.day AS day,
        page.provider AS provider,
        json_build_array(json_build_object('to', %(param_1)s::VARCHAR, %(param_2)s::VARCHAR, json_build_object('value', CAST(trim_scale(coalesce(previous_month.cost_usd, 0)) AS TEXT), 'delta', CAST(trim_scale(page.cost_usd - coalesce(previous_month.cost_usd, 0)) AS TEXT), 'percentage', CAST(trim_scale((CAST(page.cost_usd - coalesce(previous_month.cost_usd, 0) AS NUMERIC) * 100.00000000000000000000) / CAST(nullif(CAST(coalesce(previous_month.cost_usd, 0) AS NUMERIC), %(nullif_1)s::INTEGER) AS NUMERIC)) AS TEXT)))) AS comparisons
        FROM page
        LEFT OUTER JOIN previous_month ON previous_month.day = CAST(page.day - interval '1 months' AS DATE)
        AND previous_month.provider = page.provider
        WHERE page.position <= %(position_1)s::INTEGER
        ORDER BY page.position
    ) AS node
) AS nodes,
(
    SELECT row_to_json(totals) AS row_to_json_1
    FROM (
        SELECT (
            SELECT json_build_array(json_build_object('to', %(param_4)s::VARCHAR, %(param_5)s::VARCHAR, json_build_object('value', coalesce(previous_month_totals.requests, 0), 'delta', totals_now.requests - coalesce(previous_month_totals.requests, 0), 'percentage', CAST(trim_scale((CAST(totals_now.requests - coalesce(previous_month_totals.requests, 0) AS NUMERIC) * 100.00000000000000000000) / CAST(nullif(CAST(coalesce(previous_month_totals.requests, 0) AS NUMERIC), %(nullif_2)s::INTEGER) AS NUMERIC)) AS TEXT)), %(param_6)s::VARCHAR, json_build_object('value', CAST(coalesce(previous_month_totals.success_rate, coalesce(cast(0 as numeric) / nullif(0, 0), 0)) AS DOUBLE PRECISION), 'delta', CAST(totals_now.success_rate - coalesce(previous_month_totals.success_rate, coalesce(cast(0 as numeric) / nullif(0, 0), 0)) AS DOUBLE PRECISION), 'percentage', CAST(trim_scale((CAST(CAST(totals_now.success_rate - coalesce(previous_month_totals.success_rate, coalesce(cast(0 as numeric) / nullif(0, 0), 0)) AS TEXT) AS NUMERIC) * 100.00000000000000000000) / CAST(nullif(CAST(CAST(coalesce(previous_month_totals.success_rate, coalesce(cast(0 as numeric) / nullif(0, 0), 0)) AS TEXT) AS NUMERIC), %(nullif_3)s::INTEGER) AS NUMERIC)) AS TEXT)))) AS json_build_array_1
            FROM (
                SELECT %(param_7)s::INTEGER AS one,
                coalesce(cast(sum(requests) as bigint), 0) AS requests,
                coalesce(cast(coalesce(cast(sum(successful_requests) as bigint), 0) as numeric) / nullif(coalesce(cast(sum(requests) as bigint), 0), 0), 0) AS success_rate
                FROM usage.fct_daily_usage
                WHERE usage.fct_daily_usage.source_system = %(source_system_1)s::VARCHAR
                AND usage.fct_daily_usage.organization_id = %(organization_id_1)s::VARCHAR
                AND usage.fct_daily_usage.project_id = %(project_id_1)s::VARCHAR
                AND usage.fct_daily_usage.day >= %(day_1)s::DATE
                AND usage.fct_daily_usage.day <= %(day_2)s::DATE
                AND (EXISTS (
                    SELECT *
                    FROM groups
                    WHERE groups.day = usage.fct_daily_usage.day
                    AND groups.provider = usage.fct_daily_usage.provider
                ))
            ) AS totals_now
            JOIN (
                SELECT coalesce(cast(sum(requests) as bigint), 0) AS requests,
                coalesce(cast(coalesce(cast(sum(successful_requests) as bigint), 0) as numeric) / nullif(coalesce(cast(sum(requests) as bigint), 0), 0), 0) AS success_rate
                FROM usage.fct_daily_usage
                WHERE usage.fct_daily_usage.source_system = %(source_system_2)s::VARCHAR
                AND usage.fct_daily_usage.organization_id = %(organization_id_2)s::VARCHAR
                AND usage.fct_daily_usage.project_id = %(project_id_2)s::VARCHAR
                AND usage.fct_daily_usage.day >= %(day_3)s::DATE
                AND usage.fct_daily_usage.day < %(day_4)s::DATE
                AND (EXISTS (
                    SELECT *
                    FROM groups
                    WHERE usage.fct_daily_usage.day = CAST(groups.day - interval '1 months' AS DATE)
                    AND usage.fct_daily_usage.provider = groups.provider
                ))
            ) AS previous_month_totals ON true
        ) AS comparisons,
        count(*) AS _
        FROM usage.fct_daily_usage
        WHERE usage.fct_daily_usage.source_system = %(source_system_1)s::VARCHAR
        AND usage.fct_daily_usage.organization_id = %(organization_id_1)s::VARCHAR
        AND usage.fct_daily_usage.project_id = %(project_id_1)s::VARCHAR
        AND usage.fct_daily_usage.day >= %(day_1)s::DATE
        AND usage.fct_daily_usage.day <= %(day_2)s::DATE
        AND (EXISTS (
            SELECT *
            FROM groups
            WHERE groups.day = usage.fct_daily_usage.day
            AND groups.provider = usage.fct_daily_usage.provider
        ))
    ) AS totals
) AS totals

-- day_1 = datetime.date(2026, 3, 1)
-- day_2 = datetime.date(2026, 3, 31)
-- day_3 = datetime.date(2026, 2, 1)
-- day_4 = datetime.date(2026, 3, 1)
-- nullif_1 = 0
-- nullif_2 = 0
-- nullif_3 = 0
-- organization_id_1 = '1'
-- organization_id_2 = '1'
-- param_1 = 'previous_month'
-- param_2 = 'cost_usd'
-- param_3 = 101
-- param_4 = 'previous_month'
-- param_5 = 'requests'
-- param_6 = 'success_rate'
-- param_7 = 1
-- position_1 = 100
-- project_id_1 = '12'
-- project_id_2 = '12'
-- requests_1 = 0
-- source_system_1 = 'kaapi'
-- source_system_2 = 'kaapi'
