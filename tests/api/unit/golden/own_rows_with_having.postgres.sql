WITH groups AS (
    SELECT unconditional.request_id AS request_id,
    unconditional.request_kind AS request_kind,
    unconditional.source_system AS source_system,
    unconditional.requested_at AS requested_at,
    unconditional.cost_usd_per_1k_tokens AS cost_usd_per_1k_tokens,
    unconditional.requests AS requests
    FROM (
        SELECT usage.fct_requests.request_id AS request_id,
        usage.fct_requests.request_kind AS request_kind,
        usage.fct_requests.source_system AS source_system,
        usage.fct_requests.requested_at AS requested_at,
        coalesce(1000 * cast((cost_usd) as numeric) / nullif(cast((total_tokens) as numeric), 0), 0) AS cost_usd_per_1k_tokens,
        (1) AS requests
        FROM usage.fct_requests
        WHERE true
    ) AS unconditional
    WHERE unconditional.cost_usd_per_1k_tokens >= %(cost_usd_per_1k_tokens_1)s
    AND unconditional.requests = %(requests_1)s::BIGINT
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.request_id AS request_id,
        CAST(trim_scale(page.cost_usd_per_1k_tokens) AS TEXT) AS cost_usd_per_1k_tokens
        FROM (
            SELECT groups.request_id AS request_id,
            groups.request_kind AS request_kind,
            groups.source_system AS source_system,
            groups.requested_at AS requested_at,
            groups.cost_usd_per_1k_tokens AS cost_usd_per_1k_tokens,
            groups.requests AS requests
            FROM groups
            WHERE true
            ORDER BY groups.requested_at ASC, groups.source_system ASC, groups.request_kind ASC, groups.request_id ASC
            LIMIT %(param_1)s::INTEGER
        ) AS page
    ) AS node
) AS nodes,
(
    SELECT count(*) AS count_1
    FROM usage.fct_requests
    WHERE coalesce(1000 * cast((cost_usd) as numeric) / nullif(cast((total_tokens) as numeric), 0), 0) >= %(coalesce_1000_*_cast_cost_usd_as_numeric_/_nullif_cast_to_1)s
    AND (1) = %(1_1)s::BIGINT
) AS total_count,
(
    SELECT row_to_json(totals) AS row_to_json_1
    FROM (
        SELECT coalesce(cast(sum(1) as bigint), 0) AS requests
        FROM usage.fct_requests
        WHERE coalesce(1000 * cast((cost_usd) as numeric) / nullif(cast((total_tokens) as numeric), 0), 0) >= %(coalesce_1000_*_cast_cost_usd_as_numeric_/_nullif_cast_to_2)s
        AND (1) = %(1_2)s::BIGINT
    ) AS totals
) AS totals

-- 1_1 = 1
-- 1_2 = 1
-- coalesce_1000_*_cast_cost_usd_as_numeric_/_nullif_cast_to_1 = Decimal('0.01')
-- coalesce_1000_*_cast_cost_usd_as_numeric_/_nullif_cast_to_2 = Decimal('0.01')
-- cost_usd_per_1k_tokens_1 = Decimal('0.01')
-- param_1 = 10
-- requests_1 = 1
