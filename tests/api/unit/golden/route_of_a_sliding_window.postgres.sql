WITH groups AS (
    SELECT legs.provider AS provider,
    coalesce(sum(cost_usd_part), 0) AS cost_usd,
    coalesce(cast(coalesce(sum(cost_usd_part), 0) as numeric) / nullif(coalesce(cast(sum(requests_part) as bigint), 0), 0), 0) AS cost_usd_per_request,
    coalesce(cast(sum(requests_part) as bigint), 0) AS requests
    FROM (
        SELECT usage.fct_requests.source_system AS source_system,
        usage.fct_requests.organization_id AS organization_id,
        usage.fct_requests.project_id AS project_id,
        usage.fct_requests.provider AS provider,
        usage.fct_requests.has_model AS has_model,
        usage.fct_requests.requested_at AS requested_at,
        (cost_usd) AS cost_usd_part,
        CAST((1) AS BIGINT) AS requests_part
        FROM usage.fct_requests
        WHERE usage.fct_requests.source_system = %(source_system_1)s::VARCHAR
        AND usage.fct_requests.organization_id = %(organization_id_1)s::VARCHAR
        AND usage.fct_requests.project_id = %(project_id_1)s::VARCHAR
        AND usage.fct_requests.requested_at >= %(requested_at_1)s::TIMESTAMP WITH TIME ZONE
        AND usage.fct_requests.requested_at < %(requested_at_2)s::TIMESTAMP WITH TIME ZONE
        UNION ALL
        SELECT usage.fct_hourly_usage.source_system AS source_system,
        usage.fct_hourly_usage.organization_id AS organization_id,
        usage.fct_hourly_usage.project_id AS project_id,
        usage.fct_hourly_usage.provider AS provider,
        usage.fct_hourly_usage.has_model AS has_model,
        usage.fct_hourly_usage.hour AS requested_at,
        cost_usd AS cost_usd_part,
        requests AS requests_part
        FROM usage.fct_hourly_usage
        WHERE usage.fct_hourly_usage.source_system = %(source_system_2)s::VARCHAR
        AND usage.fct_hourly_usage.organization_id = %(organization_id_2)s::VARCHAR
        AND usage.fct_hourly_usage.project_id = %(project_id_2)s::VARCHAR
        AND usage.fct_hourly_usage.hour >= %(hour_1)s::TIMESTAMP WITH TIME ZONE
        AND usage.fct_hourly_usage.hour < %(hour_2)s::TIMESTAMP WITH TIME ZONE
        UNION ALL
        SELECT usage.fct_daily_usage.source_system AS source_system,
        usage.fct_daily_usage.organization_id AS organization_id,
        usage.fct_daily_usage.project_id AS project_id,
        usage.fct_daily_usage.provider AS provider,
        usage.fct_daily_usage.has_model AS has_model,
        timezone(%(timezone_1)s::VARCHAR, CAST(usage.fct_daily_usage.day AS TIMESTAMP WITHOUT TIME ZONE)) AS requested_at,
        cost_usd AS cost_usd_part,
        requests AS requests_part
        FROM usage.fct_daily_usage
        WHERE usage.fct_daily_usage.source_system = %(source_system_3)s::VARCHAR
        AND usage.fct_daily_usage.organization_id = %(organization_id_3)s::VARCHAR
        AND usage.fct_daily_usage.project_id = %(project_id_3)s::VARCHAR
        AND usage.fct_daily_usage.day >= %(day_1)s::DATE
        AND usage.fct_daily_usage.day < %(day_2)s::DATE
        UNION ALL
        SELECT usage.fct_hourly_usage.source_system AS source_system,
        usage.fct_hourly_usage.organization_id AS organization_id,
        usage.fct_hourly_usage.project_id AS project_id,
        usage.fct_hourly_usage.provider AS provider,
        usage.fct_hourly_usage.has_model AS has_model,
        usage.fct_hourly_usage.hour AS requested_at,
        cost_usd AS cost_usd_part,
        requests AS requests_part
        FROM usage.fct_hourly_usage
        WHERE usage.fct_hourly_usage.source_system = %(source_system_4)s::VARCHAR
        AND usage.fct_hourly_usage.organization_id = %(organization_id_4)s::VARCHAR
        AND usage.fct_hourly_usage.project_id = %(project_id_4)s::VARCHAR
        AND usage.fct_hourly_usage.hour >= %(hour_3)s::TIMESTAMP WITH TIME ZONE
        AND usage.fct_hourly_usage.hour < %(hour_4)s::TIMESTAMP WITH TIME ZONE
        UNION ALL
        SELECT usage.fct_requests.source_system AS source_system,
        usage.fct_requests.organization_id AS organization_id,
        usage.fct_requests.project_id AS project_id,
        usage.fct_requests.provider AS provider,
        usage.fct_requests.has_model AS has_model,
        usage.fct_requests.requested_at AS requested_at,
        (cost_usd) AS cost_usd_part,
        CAST((1) AS BIGINT) AS requests_part
        FROM usage.fct_requests
        WHERE usage.fct_requests.source_system = %(source_system_5)s::VARCHAR
        AND usage.fct_requests.organization_id = %(organization_id_5)s::VARCHAR
        AND usage.fct_requests.project_id = %(project_id_5)s::VARCHAR
        AND usage.fct_requests.requested_at >= %(requested_at_3)s::TIMESTAMP WITH TIME ZONE
        AND usage.fct_requests.requested_at < %(requested_at_4)s::TIMESTAMP WITH TIME ZONE
    ) AS legs
    WHERE legs.has_model = true
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.provider AS provider,
        CAST(trim_scale(page.cost_usd) AS TEXT) AS cost_usd,
        CAST(trim_scale(page.cost_usd_per_request) AS TEXT) AS cost_usd_per_request,
        page.requests AS requests
        FROM (
            SELECT groups.provider AS provider,
            groups.cost_usd AS cost_usd,
            groups.cost_usd_per_request AS cost_usd_per_request,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.cost_usd DESC NULLS LAST, groups.provider ASC
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- day_1 = datetime.date(2025, 1, 16)
-- day_2 = datetime.date(2026, 3, 15)
-- hour_1 = datetime.datetime(2025, 1, 15, 11, 0)
-- hour_2 = datetime.datetime(2025, 1, 16, 0, 0)
-- hour_3 = datetime.datetime(2026, 3, 15, 0, 0)
-- hour_4 = datetime.datetime(2026, 3, 15, 10, 0)
-- organization_id_1 = '1'
-- organization_id_2 = '1'
-- organization_id_3 = '1'
-- organization_id_4 = '1'
-- organization_id_5 = '1'
-- param_1 = 5
-- project_id_1 = '12'
-- project_id_2 = '12'
-- project_id_3 = '12'
-- project_id_4 = '12'
-- project_id_5 = '12'
-- requested_at_1 = datetime.datetime(2025, 1, 15, 10, 20, 30)
-- requested_at_2 = datetime.datetime(2025, 1, 15, 11, 0)
-- requested_at_3 = datetime.datetime(2026, 3, 15, 10, 0)
-- requested_at_4 = datetime.datetime(2026, 3, 15, 10, 20, 30, 1)
-- source_system_1 = 'kaapi'
-- source_system_2 = 'kaapi'
-- source_system_3 = 'kaapi'
-- source_system_4 = 'kaapi'
-- source_system_5 = 'kaapi'
-- timezone_1 = 'UTC'
