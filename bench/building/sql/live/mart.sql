-- The same question, asked of the mart.
select
    month,
    modality,
    provider,
    cast(sum(llm_call_requests) as bigint) as calls,
    cast(sum(llm_chain_requests) as bigint) as chains,
    cast(sum(total_tokens) as bigint) as total_tokens,
    sum(cost_usd) as cost_usd,
    sum(eval_cost_usd) as eval_cost_usd
from usage.fct_monthly_usage
where
    source_system = 'kaapi'
    and (
        cast(%(organization_id)s as text) is null
        or organization_id = cast(%(organization_id)s as text)
    )
group by 1, 2, 3
