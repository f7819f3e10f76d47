WITH periods AS (
    SELECT CAST(moment AS DATE) AS period
    FROM generate_series(CAST(date_trunc(%(date_trunc_1)s::VARCHAR, CAST(%(param_1)s::DATE AS DATE)) AS DATE), CAST(date_trunc(%(date_trunc_2)s::VARCHAR, CAST(%(param_2)s::DATE AS DATE)) AS DATE), interval '1 day') AS moment
    LIMIT %(param_3)s::INTEGER
),
top_values AS (
    SELECT usage.fct_daily_usage.model AS value
    FROM usage.fct_daily_usage
    WHERE usage.fct_daily_usage.day >= %(day_1)s::DATE
    AND usage.fct_daily_usage.day <= %(day_2)s::DATE
    GROUP BY usage.fct_daily_usage.model
    ORDER BY coalesce(cast(sum(total_tokens) as bigint), 0) DESC NULLS LAST, usage.fct_daily_usage.model
    LIMIT %(param_4)s::INTEGER
),
aggregated AS (
    SELECT usage.fct_daily_usage.day AS day,
    CAST(EXTRACT (isodow FROM usage.fct_daily_usage.day) AS BIGINT) AS day_of_week,
    CASE WHEN (usage.fct_daily_usage.model IN (
        SELECT top_values.value
        FROM top_values
    )) THEN usage.fct_daily_usage.model END AS model,
    (usage.fct_daily_usage.model NOT IN (
        SELECT top_values.value
        FROM top_values
    )) AS is_other,
    coalesce(sum(cost_usd), 0) AS cost_usd,
    coalesce(cast(sum(requests) as bigint), 0) AS requests,
    coalesce(cast(sum(total_tokens) as bigint), 0) AS total_tokens
    FROM usage.fct_daily_usage
    WHERE usage.fct_daily_usage.day >= %(day_1)s::DATE
    AND usage.fct_daily_usage.day <= %(day_2)s::DATE
    GROUP BY 1, 2, 3, 4
),
other_keys AS (
    SELECT DISTINCT aggregated.model AS model,
    aggregated.is_other AS is_other
    FROM aggregated
),
groups AS (
    SELECT periods.period AS day,
    CAST(EXTRACT (isodow FROM periods.period) AS BIGINT) AS day_of_week,
    other_keys.model AS model,
    other_keys.is_other AS is_other,
    coalesce(cast(coalesce(aggregated."cost_usd", 0) as numeric) / nullif(coalesce(aggregated."requests", 0), 0), 0) AS cost_usd_per_request,
    coalesce(aggregated."total_tokens", 0) AS total_tokens
    FROM periods
    JOIN other_keys ON true
    LEFT OUTER JOIN aggregated ON aggregated.day = periods.period
    AND aggregated.model IS NOT DISTINCT FROM other_keys.model
    AND aggregated.is_other = other_keys.is_other
    WHERE (
        SELECT count(*) AS count_1
        FROM periods
    ) * (
        SELECT count(*) AS count_2
        FROM other_keys
    ) <= %(param_5)s::INTEGER
),
axis AS (
    SELECT DISTINCT groups.day AS at
    FROM groups
),
line AS (
    SELECT DISTINCT groups.day_of_week AS day_of_week,
    groups.model AS model,
    groups.is_other AS is_other,
    concat_ws(%(concat_ws_1)s::VARCHAR, coalesce(CAST(groups.day_of_week AS TEXT), %(coalesce_2)s::VARCHAR), CASE WHEN groups.is_other THEN %(param_7)s::VARCHAR ELSE coalesce(CAST(groups.model AS TEXT), %(coalesce_3)s::VARCHAR) END) AS series_name
    FROM groups
),
line_total AS (
    SELECT CAST(EXTRACT (isodow FROM usage.fct_daily_usage.day) AS BIGINT) AS day_of_week,
    CASE WHEN (usage.fct_daily_usage.model IN (
        SELECT top_values.value
        FROM top_values
    )) THEN usage.fct_daily_usage.model END AS model,
    (usage.fct_daily_usage.model NOT IN (
        SELECT top_values.value
        FROM top_values
    )) AS is_other,
    coalesce(cast(sum(total_tokens) as bigint), 0) AS total_tokens
    FROM usage.fct_daily_usage
    WHERE usage.fct_daily_usage.day >= %(day_1)s::DATE
    AND usage.fct_daily_usage.day <= %(day_2)s::DATE
    GROUP BY 1, 2, 3
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.day AS day,
        page.model AS model,
        page.day_of_week AS day_of_week,
        page.is_other AS is_other,
        CAST(trim_scale(page.cost_usd_per_request) AS TEXT) AS cost_usd_per_request
        FROM (
            SELECT groups.day AS day,
            groups.day_of_week AS day_of_week,
            groups.model AS model,
            groups.is_other AS is_other,
            groups.cost_usd_per_request AS cost_usd_per_request,
            groups.total_tokens AS total_tokens
            FROM groups
            WHERE true
            ORDER BY groups.day ASC, groups.day_of_week ASC, groups.model ASC, groups.is_other ASC
            LIMIT %(param_6)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT row_to_json(chart) AS row_to_json_1
    FROM (
        SELECT (
            SELECT count(*) AS count_3
            FROM axis
        ) * (
            SELECT count(*) AS count_4
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
            SELECT count(*) AS count_3
            FROM axis
        ) * (
            SELECT count(*) AS count_4
            FROM line
        ) <= %(param_8)s::INTEGER) THEN (
            SELECT coalesce(json_agg(json_build_object(%(param_9)s::VARCHAR, grid.series_name, %(param_10)s::VARCHAR, json_build_object(%(param_11)s::VARCHAR, grid.total_tokens), %(param_12)s::VARCHAR, json_build_object(%(param_13)s::VARCHAR, coalesce(line_total.total_tokens, %(coalesce_5)s::INTEGER)), %(param_14)s::VARCHAR, json_build_object()) ORDER BY grid.series_name, grid.day_of_week, grid.model, grid.is_other), '[]'::json) AS coalesce_4
            FROM (
                SELECT line.day_of_week AS day_of_week,
                line.model AS model,
                line.is_other AS is_other,
                line.series_name AS series_name,
                json_agg(coalesce(groups.total_tokens, %(coalesce_6)s::INTEGER) ORDER BY axis.at) AS total_tokens
                FROM line
                JOIN axis ON true
                LEFT OUTER JOIN groups ON groups.day = axis.at
                AND groups.day_of_week = line.day_of_week
                AND groups.model IS NOT DISTINCT FROM line.model
                AND groups.is_other = line.is_other
                GROUP BY line.day_of_week, line.model, line.is_other, line.series_name
            ) AS grid
            LEFT OUTER JOIN line_total ON grid.day_of_week = line_total.day_of_week
            AND grid.model IS NOT DISTINCT FROM line_total.model
            AND grid.is_other = line_total.is_other
        ) ELSE '[]'::json END AS series
    ) AS chart
) AS chart,
(
    SELECT count(*) AS count_1
    FROM periods
) * (
    SELECT count(*) AS count_2
    FROM other_keys
) AS filled_groups

-- coalesce_2 = 'none'
-- coalesce_3 = 'none'
-- coalesce_5 = 0
-- coalesce_6 = 0
-- concat_ws_1 = ' · '
-- date_trunc_1 = 'day'
-- date_trunc_2 = 'day'
-- day_1 = datetime.date(2026, 1, 1)
-- day_2 = datetime.date(2026, 1, 31)
-- param_1 = datetime.date(2026, 1, 1)
-- param_10 = 'data'
-- param_11 = 'total_tokens'
-- param_12 = 'total'
-- param_13 = 'total_tokens'
-- param_14 = 'totals'
-- param_2 = datetime.date(2026, 1, 31)
-- param_3 = 1000001
-- param_4 = 2
-- param_5 = 1000000
-- param_6 = 100
-- param_7 = 'other'
-- param_8 = 100000
-- param_9 = 'name'
