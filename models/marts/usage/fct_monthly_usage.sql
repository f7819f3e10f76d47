with

requests as (select * from {{ ref('fct_requests') }}),

evaluation_runs as (select * from {{ ref('fct_evaluation_runs') }}),

monthly_requests as (
    select
        cast(date_trunc('month', requested_at) as date) as month,
        source_system,
        organization_id,
        project_id,
        modality,
        provider,
        model,
        count(*) filter (where request_kind = 'call') as llm_call_requests,
        count(*) filter (where request_kind = 'chain') as llm_chain_requests,
        count(*) as requests,
        count(*) filter (where not is_priced) as unpriced_requests,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(total_tokens) as total_tokens,
        sum(cost_usd) as cost_usd,
        0 as eval_runs,
        0 as eval_cost_usd
    from requests
    where requested_at is not null
    group by 1, 2, 3, 4, 5, 6, 7
),

monthly_evaluation_runs as (
    select
        cast(date_trunc('month', evaluated_at) as date) as month,
        source_system,
        organization_id,
        project_id,
        modality,
        provider,
        model,
        0 as llm_call_requests,
        0 as llm_chain_requests,
        0 as requests,
        0 as unpriced_requests,
        0 as input_tokens,
        0 as output_tokens,
        0 as total_tokens,
        0 as cost_usd,
        count(*) as eval_runs,
        sum(eval_cost_usd) as eval_cost_usd
    from evaluation_runs
    group by 1, 2, 3, 4, 5, 6, 7
),

-- A bucket exists when either side has rows; the other side then counts 0, and so does an amount
-- that no row of the bucket has.
unioned as (
    select * from monthly_requests
    union all
    select * from monthly_evaluation_runs
),

final as (
    select
        month,
        source_system,
        organization_id,
        project_id,

        modality,
        provider,
        model,

        cast(sum(llm_call_requests) as bigint) as llm_call_requests,
        cast(sum(llm_chain_requests) as bigint) as llm_chain_requests,
        cast(sum(requests) as bigint) as requests,
        cast(sum(unpriced_requests) as bigint) as unpriced_requests,
        cast(coalesce(sum(input_tokens), 0) as bigint) as input_tokens,
        cast(coalesce(sum(output_tokens), 0) as bigint) as output_tokens,
        cast(coalesce(sum(total_tokens), 0) as bigint) as total_tokens,
        cast(sum(cost_usd) as numeric(38, 22)) as cost_usd,
        cast(sum(eval_runs) as bigint) as eval_runs,
        cast(sum(eval_cost_usd) as numeric(38, 22)) as eval_cost_usd
    from unioned
    group by 1, 2, 3, 4, 5, 6, 7
)

select * from final
