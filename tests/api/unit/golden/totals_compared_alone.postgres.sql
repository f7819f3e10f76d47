SELECT (
    SELECT row_to_json(totals) AS row_to_json_1
    FROM (
        SELECT (
            SELECT json_build_array(json_build_object('to', %(param_1)s::VARCHAR, %(param_2)s::VARCHAR, json_build_object('value', coalesce(previous_week_totals.requests, 0), 'delta', totals_now.requests - coalesce(previous_week_totals.requests, 0), 'percentage', CAST(trim_scale((CAST(totals_now.requests - coalesce(previous_week_totals.requests, 0) AS NUMERIC) * 100.00000000000000000000) / CAST(nullif(CAST(coalesce(previous_week_totals.requests, 0) AS NUMERIC), %(nullif_1)s::INTEGER) AS NUMERIC)) AS TEXT)))) AS json_build_array_1
            FROM (
                SELECT %(param_3)s::INTEGER AS one,
                coalesce(cast(sum(1) as bigint), 0) AS requests
                FROM usage.fct_requests
                WHERE usage.fct_requests.source_system = %(source_system_1)s::VARCHAR
                AND usage.fct_requests.organization_id = %(organization_id_1)s::VARCHAR
                AND usage.fct_requests.project_id = %(project_id_1)s::VARCHAR
                AND usage.fct_requests.requested_at >= %(requested_at_1)s::TIMESTAMP WITH TIME ZONE
                AND usage.fct_requests.requested_at < %(requested_at_2)s::TIMESTAMP WITH TIME ZONE
            ) AS totals_now
            JOIN (
                SELECT coalesce(cast(sum(1) as bigint), 0) AS requests
                FROM usage.fct_requests
                WHERE usage.fct_requests.source_system = %(source_system_2)s::VARCHAR
                AND usage.fct_requests.organization_id = %(organization_id_2)s::VARCHAR
                AND usage.fct_requests.project_id = %(project_id_2)s::VARCHAR
                AND usage.fct_requests.requested_at >= %(requested_at_3)s::TIMESTAMP WITH TIME ZONE
                AND usage.fct_requests.requested_at < %(requested_at_4)s::TIMESTAMP WITH TIME ZONE
            ) AS previous_week_totals ON true
        ) AS comparisons,
        count(*) AS _
        FROM usage.fct_requests
        WHERE usage.fct_requests.source_system = %(source_system_1)s::VARCHAR
        AND usage.fct_requests.organization_id = %(organization_id_1)s::VARCHAR
        AND usage.fct_requests.project_id = %(project_id_1)s::VARCHAR
        AND usage.fct_requests.requested_at >= %(requested_at_1)s::TIMESTAMP WITH TIME ZONE
        AND usage.fct_requests.requested_at < %(requested_at_2)s::TIMESTAMP WITH TIME ZONE
    ) AS totals
) AS totals

-- nullif_1 = 0
-- organization_id_1 = '1'
-- organization_id_2 = '1'
-- param_1 = 'previous_week'
-- param_2 = 'requests'
-- param_3 = 1
-- project_id_1 = '12'
-- project_id_2 = '12'
-- requested_at_1 = datetime.datetime(2026, 3, 1, 0, 0)
-- requested_at_2 = datetime.datetime(2026, 3, 8, 0, 0)
-- requested_at_3 = datetime.datetime(2026, 2, 22, 0, 0)
-- requested_at_4 = datetime.datetime(2026, 3, 1, 0, 0)
-- source_system_1 = 'kaapi'
-- source_system_2 = 'kaapi'
