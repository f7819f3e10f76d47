WITH groups AS (
    SELECT unconditional.provider AS provider,
    unconditional.cost_usd AS cost_usd,
    unconditional.latency_ms AS latency_ms,
    unconditional.requests AS requests,
    unconditional.tokens_per_request AS tokens_per_request,
    unconditional.unpriced_requests AS unpriced_requests
    FROM (
        SELECT usage.fct_requests.provider AS provider,
        coalesce(sum(cost_usd), 0) AS cost_usd,
        coalesce(cast(sum(latency_ms) as bigint), 0) AS latency_ms,
        coalesce(cast(sum(1) as bigint), 0) AS requests,
        coalesce(cast(coalesce(cast(sum(total_tokens) as bigint), 0) as numeric) / nullif(coalesce(cast(sum(1) as bigint), 0), 0), 0) AS tokens_per_request,
        coalesce(cast(sum(case when is_priced then 0 else 1 end) as bigint), 0) AS unpriced_requests
        FROM usage.fct_requests
        WHERE true
        GROUP BY 1
    ) AS unconditional
    WHERE unconditional.cost_usd >= %(cost_usd_1)s
    AND unconditional.cost_usd <= %(cost_usd_2)s
    AND unconditional.latency_ms IS NOT NULL
    AND unconditional.requests IS DISTINCT FROM %(requests_1)s::BIGINT
    AND unconditional.requests = ANY (%(param_1)s::BIGINT[])
    AND (unconditional.requests = ANY (%(param_2)s::BIGINT[])) IS NOT true
    AND unconditional.tokens_per_request < %(tokens_per_request_1)s
    AND (unconditional.unpriced_requests <= %(unpriced_requests_1)s::BIGINT) IS NOT true
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.provider AS provider
        FROM (
            SELECT groups.provider AS provider,
            groups.cost_usd AS cost_usd,
            groups.latency_ms AS latency_ms,
            groups.requests AS requests,
            groups.tokens_per_request AS tokens_per_request,
            groups.unpriced_requests AS unpriced_requests
            FROM groups
            WHERE true
            ORDER BY groups.provider ASC
            LIMIT %(param_3)s::INTEGER
        ) AS page
    ) AS node
) AS nodes

-- cost_usd_1 = Decimal('0.1000000000000000000001')
-- cost_usd_2 = Decimal('1E+3')
-- param_1 = [1, 9007199254740993]
-- param_2 = [2]
-- param_3 = 100
-- requests_1 = 3
-- tokens_per_request_1 = Decimal('0.12345678901234567890123456789')
-- unpriced_requests_1 = 0
