SELECT (
    SELECT row_to_json(totals) AS row_to_json_1
    FROM (
        SELECT coalesce(cast(sum(requests_part) as bigint), 0) AS requests,
        coalesce(cast(sum(total_tokens_part) as bigint), 0) AS total_tokens
        FROM (
            SELECT usage.fct_monthly_usage.source_system AS source_system,
            usage.fct_monthly_usage.organization_id AS organization_id,
            usage.fct_monthly_usage.provider AS provider,
            timezone(%(timezone_1)s::VARCHAR, CAST(usage.fct_monthly_usage.month AS TIMESTAMP WITHOUT TIME ZONE)) AS requested_at,
            requests AS requests_part,
            total_tokens AS total_tokens_part
            FROM usage.fct_monthly_usage
            WHERE true
            AND requests > %(requests_1)s::BIGINT
            UNION ALL
            SELECT usage.fct_requests.source_system AS source_system,
            usage.fct_requests.organization_id AS organization_id,
            usage.fct_requests.provider AS provider,
            usage.fct_requests.requested_at AS requested_at,
            CAST((1) AS BIGINT) AS requests_part,
            CAST((total_tokens) AS BIGINT) AS total_tokens_part
            FROM usage.fct_requests
            WHERE usage.fct_requests.requested_at IS NULL
        ) AS legs
        WHERE legs.provider IS DISTINCT FROM %(provider_1)s::VARCHAR
    ) AS totals
) AS totals

-- provider_1 = 'openai'
-- requests_1 = 0
-- timezone_1 = 'UTC'
