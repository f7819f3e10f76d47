WITH groups AS (
    SELECT usage.fct_monthly_usage.month AS month,
    coalesce(cast(sum(requests) as bigint), 0) AS requests
    FROM usage.fct_monthly_usage
    WHERE usage.fct_monthly_usage.month >= %(month_1)s::DATE
    GROUP BY 1
),
axis AS (
    SELECT DISTINCT groups.month AS at
    FROM groups
),
line AS (
    SELECT DISTINCT %(param_1)s::VARCHAR AS series_name
),
line_total AS (
    SELECT coalesce(cast(sum(requests) as bigint), 0) AS requests
    FROM usage.fct_monthly_usage
    WHERE usage.fct_monthly_usage.month >= %(month_1)s::DATE
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
        ) <= %(param_2)s::INTEGER) THEN (
            SELECT coalesce(json_agg(json_build_object(%(param_3)s::VARCHAR, grid.series_name, %(param_4)s::VARCHAR, json_build_object(%(param_5)s::VARCHAR, grid.requests), %(param_6)s::VARCHAR, json_build_object(%(param_7)s::VARCHAR, coalesce(line_total.requests, %(coalesce_2)s::INTEGER)), %(param_8)s::VARCHAR, json_build_object()) ORDER BY grid.series_name), '[]'::json) AS coalesce_1
            FROM (
                SELECT line.series_name AS series_name,
                json_agg(coalesce(groups.requests, %(coalesce_3)s::INTEGER) ORDER BY axis.at) AS requests
                FROM line
                JOIN axis ON true
                LEFT OUTER JOIN groups ON groups.month = axis.at
                AND true
                GROUP BY line.series_name
            ) AS grid
            LEFT OUTER JOIN line_total ON true
        ) ELSE '[]'::json END AS series
    ) AS chart
) AS chart

-- coalesce_2 = 0
-- coalesce_3 = 0
-- month_1 = datetime.date(2025, 1, 1)
-- param_1 = 'total'
-- param_2 = 100000
-- param_3 = 'name'
-- param_4 = 'data'
-- param_5 = 'requests'
-- param_6 = 'total'
-- param_7 = 'requests'
-- param_8 = 'totals'
