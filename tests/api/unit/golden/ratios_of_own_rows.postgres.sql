WITH groups AS (
    SELECT usage.fct_requests.request_id AS request_id,
    usage.fct_requests.request_kind AS request_kind,
    usage.fct_requests.source_system AS source_system,
    usage.fct_requests.requested_at AS requested_at,
    (cached_input_tokens) AS cached_input_tokens,
    coalesce(1000 * cast((cost_usd) as numeric) / nullif(cast((total_tokens) as numeric), 0), 0) AS cost_usd_per_1k_tokens,
    (latency_ms) AS latency_ms,
    (case when request_kind = 'call' then 1 else 0 end) AS llm_call_requests,
    (1) AS requests
    FROM usage.fct_requests
    WHERE true
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.request_id AS request_id,
        page.cached_input_tokens AS cached_input_tokens,
        CAST(trim_scale(page.cost_usd_per_1k_tokens) AS TEXT) AS cost_usd_per_1k_tokens,
        page.latency_ms AS latency_ms,
        page.llm_call_requests AS llm_call_requests,
        page.requests AS requests
        FROM (
            SELECT groups.request_id AS request_id,
            groups.request_kind AS request_kind,
            groups.source_system AS source_system,
            groups.requested_at AS requested_at,
            groups.cached_input_tokens AS cached_input_tokens,
            groups.cost_usd_per_1k_tokens AS cost_usd_per_1k_tokens,
            groups.latency_ms AS latency_ms,
            groups.llm_call_requests AS llm_call_requests,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.requested_at ASC, groups.source_system ASC, groups.request_kind ASC, groups.request_id ASC
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- param_1 = 1
