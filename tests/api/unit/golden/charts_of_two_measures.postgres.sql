WITH groups AS (
    SELECT unconditional.month AS month,
    unconditional.modality AS modality,
    unconditional.provider AS provider,
    unconditional.cost_usd AS cost_usd,
    unconditional.cost_usd_per_request AS cost_usd_per_request,
    unconditional.requests AS requests
    FROM (
        SELECT usage.fct_monthly_usage.month AS month,
        usage.fct_monthly_usage.modality AS modality,
        usage.fct_monthly_usage.provider AS provider,
        coalesce(sum(cost_usd), 0) AS cost_usd,
        coalesce(cast(coalesce(sum(cost_usd), 0) as numeric) / nullif(coalesce(cast(sum(requests) as bigint), 0), 0), 0) AS cost_usd_per_request,
        coalesce(cast(sum(requests) as bigint), 0) AS requests
        FROM usage.fct_monthly_usage
        WHERE usage.fct_monthly_usage.source_system = %(source_system_1)s::VARCHAR
        AND usage.fct_monthly_usage.organization_id = %(organization_id_1)s::VARCHAR
        AND usage.fct_monthly_usage.project_id = %(project_id_1)s::VARCHAR
        AND usage.fct_monthly_usage.month >= %(month_1)s::DATE
        GROUP BY 1, 2, 3
    ) AS unconditional
    WHERE unconditional.requests > %(requests_1)s::BIGINT
),
axis AS (
    SELECT DISTINCT groups.month AS at
    FROM groups
),
line AS (
    SELECT DISTINCT groups.modality AS modality,
    groups.provider AS provider,
    concat_ws(%(concat_ws_1)s::VARCHAR, coalesce(CAST(groups.modality AS TEXT), %(coalesce_1)s::VARCHAR), coalesce(CAST(groups.provider AS TEXT), %(coalesce_2)s::VARCHAR)) AS series_name
    FROM groups
),
line_total AS (
    SELECT usage.fct_monthly_usage.modality AS modality,
    usage.fct_monthly_usage.provider AS provider,
    coalesce(sum(cost_usd), 0) AS cost_usd,
    coalesce(cast(coalesce(sum(cost_usd), 0) as numeric) / nullif(coalesce(cast(sum(requests) as bigint), 0), 0), 0) AS cost_usd_per_request,
    coalesce(cast(sum(input_tokens) as bigint), 0) AS input_tokens,
    coalesce(cast(sum(total_tokens) as bigint), 0) AS total_tokens
    FROM usage.fct_monthly_usage
    WHERE usage.fct_monthly_usage.source_system = %(source_system_1)s::VARCHAR
    AND usage.fct_monthly_usage.organization_id = %(organization_id_1)s::VARCHAR
    AND usage.fct_monthly_usage.project_id = %(project_id_1)s::VARCHAR
    AND usage.fct_monthly_usage.month >= %(month_1)s::DATE
    AND (EXISTS (
        SELECT *
        FROM groups
        WHERE groups.month = usage.fct_monthly_usage.month
        AND groups.modality = usage.fct_monthly_usage.modality
        AND groups.provider = usage.fct_monthly_usage.provider
    ))
    GROUP BY 1, 2
)
SELECT (
    SELECT row_to_json(chart) AS row_to_json_1
    FROM (
        SELECT (
            SELECT count(*) AS count_1
            FROM axis
        ) * (
            SELECT count(*) AS count_2
            FROM line
        ) AS points,
        coalesce((
            SELECT json_agg(label) AS labels
            FROM (
                SELECT axis.at AS label
                FROM axis
                ORDER BY axis.at
            ) AS ordered_axis
        ), '[]'::json) AS labels,
        CASE WHEN ((
            SELECT count(*) AS count_1
            FROM axis
        ) * (
            SELECT count(*) AS count_2
            FROM line
        ) <= %(param_1)s::INTEGER) THEN (
            SELECT coalesce(json_agg(json_build_object(%(param_2)s::VARCHAR, grid.series_name, %(param_3)s::VARCHAR, json_build_object(%(param_4)s::VARCHAR, grid.cost_usd, %(param_5)s::VARCHAR, grid.cost_usd_per_request), %(param_6)s::VARCHAR, json_build_object(%(param_7)s::VARCHAR, CAST(trim_scale(coalesce(line_total.cost_usd, %(coalesce_4)s::INTEGER)) AS TEXT), %(param_8)s::VARCHAR, CAST(trim_scale(coalesce(line_total.cost_usd_per_request, %(coalesce_5)s::INTEGER)) AS TEXT)), %(param_9)s::VARCHAR, json_build_object(%(param_10)s::VARCHAR, coalesce(line_total.input_tokens, %(coalesce_6)s::INTEGER), %(param_11)s::VARCHAR, coalesce(line_total.total_tokens, %(coalesce_7)s::INTEGER))) ORDER BY grid.series_name, grid.modality, grid.provider), '[]'::json) AS coalesce_3
            FROM (
                SELECT line.modality AS modality,
                line.provider AS provider,
                line.series_name AS series_name,
                json_agg(CAST(trim_scale(coalesce(groups.cost_usd, %(coalesce_8)s::INTEGER)) AS TEXT) ORDER BY axis.at) AS cost_usd,
                json_agg(CAST(trim_scale(coalesce(groups.cost_usd_per_request, %(coalesce_9)s::INTEGER)) AS TEXT) ORDER BY axis.at) AS cost_usd_per_request
                FROM line
                JOIN axis ON true
                LEFT OUTER JOIN groups ON groups.month = axis.at
                AND groups.modality = line.modality
                AND groups.provider = line.provider
                GROUP BY line.modality, line.provider, line.series_name
            ) AS grid
            LEFT OUTER JOIN line_total ON grid.modality = line_total.modality
            AND grid.provider = line_total.provider
        ) ELSE '[]'::json END AS series
    ) AS chart
) AS chart

-- coalesce_1 = 'none'
-- coalesce_2 = 'none'
-- coalesce_4 = 0
-- coalesce_5 = 0
-- coalesce_6 = 0
-- coalesce_7 = 0
-- coalesce_8 = 0
-- coalesce_9 = 0
-- concat_ws_1 = ' · '
-- month_1 = datetime.date(2025, 1, 1)
-- organization_id_1 = '1'
-- param_1 = 100000
-- param_10 = 'input_tokens'
-- param_11 = 'total_tokens'
-- param_2 = 'name'
-- param_3 = 'data'
-- param_4 = 'cost_usd'
-- param_5 = 'cost_usd_per_request'
-- param_6 = 'total'
-- param_7 = 'cost_usd'
-- param_8 = 'cost_usd_per_request'
-- param_9 = 'totals'
-- project_id_1 = '12'
-- requests_1 = 1
-- source_system_1 = 'kaapi'
