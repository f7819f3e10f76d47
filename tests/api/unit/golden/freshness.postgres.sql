SELECT (
    SELECT row_to_json(freshness) AS row_to_json_1
    FROM (
        SELECT current_publication.build_id AS build_id,
        to_char(timezone(%(timezone_1)s::VARCHAR, current_publication.published_at), %(to_char_1)s::VARCHAR) AS published_at,
        to_char(timezone(%(timezone_2)s::VARCHAR, current_publication.build_started_at), %(to_char_2)s::VARCHAR) AS data_as_of,
        (
            SELECT coalesce(json_agg(newest_row), '[]'::json) AS coalesce_1
            FROM LATERAL (
                SELECT usage.publication_sources.source_system AS source_system,
                to_char(timezone(%(timezone_3)s::VARCHAR, max(usage.publication_sources.newest_row_at)), %(to_char_3)s::VARCHAR) AS newest_row_at,
                sum(usage.publication_sources.rows_after_clock) AS rows_after_clock,
                sum(usage.publication_sources.rejected_rows) AS rejected_rows,
                max(usage.publication_sources.archived_before) AS archived_before
                FROM usage.publication_sources
                WHERE usage.publication_sources.build_id = current_publication.build_id
                AND usage.publication_sources.source_system = %(source_system_1)s::VARCHAR
                AND usage.publication_sources.organization_id = %(organization_id_1)s::VARCHAR
                GROUP BY usage.publication_sources.source_system
                ORDER BY usage.publication_sources.source_system
            ) AS newest_row
        ) AS sources,
        (
            SELECT CAST(date_trunc(%(date_trunc_1)s::VARCHAR, newest.moment) AS DATE) < CAST(date_trunc(%(date_trunc_2)s::VARCHAR, timezone(%(timezone_4)s::VARCHAR, current_publication.build_started_at)) AS DATE) AS anon_1
            FROM (
                SELECT max(usage.fct_monthly_usage.month) AS moment
                FROM usage.fct_monthly_usage
                WHERE usage.fct_monthly_usage.source_system = %(source_system_2)s::VARCHAR
                AND usage.fct_monthly_usage.organization_id = %(organization_id_2)s::VARCHAR
                AND usage.fct_monthly_usage.project_id = %(project_id_1)s::VARCHAR
                AND usage.fct_monthly_usage.month >= %(month_1)s::DATE
            ) AS newest
        ) AS last_period_complete
        FROM (
            SELECT usage.publication.build_id AS build_id,
            usage.publication.published_at AS published_at,
            usage.publication.build_started_at AS build_started_at
            FROM usage.publication
            ORDER BY usage.publication.published_at DESC
            LIMIT %(param_1)s::INTEGER
        ) AS current_publication
    ) AS freshness
) AS freshness

-- date_trunc_1 = 'month'
-- date_trunc_2 = 'month'
-- month_1 = datetime.date(2025, 1, 1)
-- organization_id_1 = '1'
-- organization_id_2 = '1'
-- param_1 = 1
-- project_id_1 = '12'
-- source_system_1 = 'kaapi'
-- source_system_2 = 'kaapi'
-- timezone_1 = 'UTC'
-- timezone_2 = 'UTC'
-- timezone_3 = 'UTC'
-- timezone_4 = 'UTC'
-- to_char_1 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
-- to_char_2 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
-- to_char_3 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
