WITH groups AS (
    SELECT unconditional.provider AS provider,
    unconditional.model AS model,
    unconditional.cost_usd AS cost_usd,
    unconditional.cost_usd_per_request AS cost_usd_per_request,
    unconditional.requests AS requests
    FROM (
        SELECT usage.fct_monthly_usage.provider AS provider,
        usage.fct_monthly_usage.model AS model,
        coalesce(sum(cost_usd), 0) AS cost_usd,
        coalesce(cast(coalesce(sum(cost_usd), 0) as numeric) / nullif(coalesce(cast(sum(requests) as bigint), 0), 0), 0) AS cost_usd_per_request,
        coalesce(cast(sum(requests) as bigint), 0) AS requests
        FROM usage.fct_monthly_usage
        WHERE usage.fct_monthly_usage.month >= %(month_1)s::DATE
        GROUP BY 1, 2
    ) AS unconditional
    WHERE unconditional.cost_usd > %(cost_usd_1)s
    AND unconditional.requests >= %(requests_1)s::BIGINT
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.provider AS provider,
        page.model AS model,
        CAST(trim_scale(page.cost_usd) AS TEXT) AS cost_usd,
        CAST(trim_scale(page.cost_usd_per_request) AS TEXT) AS cost_usd_per_request
        FROM (
            SELECT groups.provider AS provider,
            groups.model AS model,
            groups.cost_usd AS cost_usd,
            groups.cost_usd_per_request AS cost_usd_per_request,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.cost_usd DESC NULLS LAST, groups.provider ASC, groups.model ASC
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT count(*) AS count_1
    FROM groups
) AS total_count,
(
    SELECT row_to_json(totals) AS row_to_json_1
    FROM (
        SELECT CAST(trim_scale(coalesce(sum(cost_usd), 0)) AS TEXT) AS cost_usd,
        CAST(trim_scale(coalesce(cast(coalesce(sum(cost_usd), 0) as numeric) / nullif(coalesce(cast(sum(requests) as bigint), 0), 0), 0)) AS TEXT) AS cost_usd_per_request
        FROM usage.fct_monthly_usage
        WHERE usage.fct_monthly_usage.month >= %(month_1)s::DATE
        AND (EXISTS (
            SELECT *
            FROM groups
            WHERE groups.provider = usage.fct_monthly_usage.provider
            AND groups.model = usage.fct_monthly_usage.model
        ))
    ) AS totals
) AS totals

-- cost_usd_1 = Decimal('0.25')
-- month_1 = datetime.date(2025, 1, 1)
-- param_1 = 5
-- requests_1 = 10
