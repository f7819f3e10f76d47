WITH groups AS (
    SELECT usage.fct_requests.provider AS provider,
    coalesce(cast(coalesce(cast(sum(latency_ms) as bigint), 0) as numeric) / nullif(coalesce(cast(sum(case when latency_ms is not null then 1 else 0 end) as bigint), 0), 0), 0) AS avg_latency_ms,
    coalesce(1000 * cast(coalesce(sum(cost_usd), 0) as numeric) / nullif(cast(coalesce(cast(sum(total_tokens) as bigint), 0) as numeric), 0), 0) AS cost_usd_per_1k_tokens,
    coalesce(cast(coalesce(sum(cost_usd), 0) as numeric) / nullif(coalesce(cast(sum(1) as bigint), 0), 0), 0) AS cost_usd_per_request,
    coalesce(cast(coalesce(cast(sum(total_tokens) as bigint), 0) as numeric) / nullif(coalesce(cast(sum(1) as bigint), 0), 0), 0) AS tokens_per_request,
    coalesce(cast(sum(case when is_priced then 0 else 1 end) as bigint), 0) AS unpriced_requests
    FROM usage.fct_requests
    WHERE true
    GROUP BY 1
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.provider AS provider,
        CAST(page.avg_latency_ms AS DOUBLE PRECISION) AS avg_latency_ms,
        CAST(trim_scale(page.cost_usd_per_1k_tokens) AS TEXT) AS cost_usd_per_1k_tokens,
        CAST(trim_scale(page.cost_usd_per_request) AS TEXT) AS cost_usd_per_request,
        CAST(page.tokens_per_request AS DOUBLE PRECISION) AS tokens_per_request,
        page.unpriced_requests AS unpriced_requests
        FROM (
            SELECT groups.provider AS provider,
            groups.avg_latency_ms AS avg_latency_ms,
            groups.cost_usd_per_1k_tokens AS cost_usd_per_1k_tokens,
            groups.cost_usd_per_request AS cost_usd_per_request,
            groups.tokens_per_request AS tokens_per_request,
            groups.unpriced_requests AS unpriced_requests
            FROM groups
            WHERE true
            ORDER BY groups.cost_usd_per_1k_tokens ASC, groups.provider ASC
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT row_to_json(totals) AS row_to_json_1
    FROM (
        SELECT CAST(coalesce(cast(coalesce(cast(sum(latency_ms) as bigint), 0) as numeric) / nullif(coalesce(cast(sum(case when latency_ms is not null then 1 else 0 end) as bigint), 0), 0), 0) AS DOUBLE PRECISION) AS avg_latency_ms,
        CAST(trim_scale(coalesce(1000 * cast(coalesce(sum(cost_usd), 0) as numeric) / nullif(cast(coalesce(cast(sum(total_tokens) as bigint), 0) as numeric), 0), 0)) AS TEXT) AS cost_usd_per_1k_tokens
        FROM usage.fct_requests
        WHERE true
    ) AS totals
) AS totals

-- param_1 = 100
