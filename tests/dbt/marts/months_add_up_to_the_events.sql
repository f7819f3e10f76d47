-- Never: the months of a slice add up to something else than its requests and evaluation runs.
-- Why: readers drill from a month to its requests, and must find the same number there.
-- Relies on it: fct_monthly_usage as a roll-up of fct_requests and fct_evaluation_runs (law 4).
with

months as (
    select
        source_system,
        organization_id,
        project_id,
        modality,
        provider,
        model,
        sum(llm_call_requests) as llm_call_requests,
        sum(llm_chain_requests) as llm_chain_requests,
        sum(requests) as requests,
        sum(unpriced_requests) as unpriced_requests,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(total_tokens) as total_tokens,
        sum(cost_usd) as cost_usd,
        sum(eval_runs) as eval_runs,
        sum(eval_cost_usd) as eval_cost_usd
    from {{ ref('fct_monthly_usage') }}
    group by 1, 2, 3, 4, 5, 6
),

requests as (
    select
        source_system,
        organization_id,
        project_id,
        modality,
        provider,
        model,
        sum(case request_kind when 'call' then 1 else 0 end) as llm_call_requests,
        sum(case request_kind when 'chain' then 1 else 0 end) as llm_chain_requests,
        sum(1) as requests,
        sum(case cost_source when 'unpriced' then 1 else 0 end) as unpriced_requests,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(total_tokens) as total_tokens,
        sum(cost_usd) as cost_usd
    from {{ ref('fct_requests') }}
    -- A request without a readable time belongs to no month.
    where requested_at is not null
    group by 1, 2, 3, 4, 5, 6
),

evaluation_runs as (
    select
        source_system,
        organization_id,
        project_id,
        modality,
        provider,
        model,
        sum(1) as eval_runs,
        sum(eval_cost_usd) as eval_cost_usd
    from {{ ref('fct_evaluation_runs') }}
    group by 1, 2, 3, 4, 5, 6
),

differences as (
    select
        months.*,
        requests.requests as event_requests,
        requests.cost_usd as event_cost_usd,
        evaluation_runs.eval_runs as event_eval_runs,
        evaluation_runs.eval_cost_usd as event_eval_cost_usd
    from months
    full outer join requests
        on
            months.source_system = requests.source_system
            and months.organization_id = requests.organization_id
            and months.project_id = requests.project_id
            and months.modality = requests.modality
            and months.provider = requests.provider
            and months.model = requests.model
    full outer join evaluation_runs
        on
            months.source_system = evaluation_runs.source_system
            and months.organization_id = evaluation_runs.organization_id
            and months.project_id = evaluation_runs.project_id
            and months.modality = evaluation_runs.modality
            and months.provider = evaluation_runs.provider
            and months.model = evaluation_runs.model
    where
        months.source_system is null
        or months.llm_call_requests <> coalesce(requests.llm_call_requests, 0)
        or months.llm_chain_requests <> coalesce(requests.llm_chain_requests, 0)
        or months.requests <> coalesce(requests.requests, 0)
        or months.unpriced_requests <> coalesce(requests.unpriced_requests, 0)
        or months.input_tokens <> coalesce(requests.input_tokens, 0)
        or months.output_tokens <> coalesce(requests.output_tokens, 0)
        or months.total_tokens <> coalesce(requests.total_tokens, 0)
        or months.cost_usd <> coalesce(requests.cost_usd, 0)
        or months.eval_runs <> coalesce(evaluation_runs.eval_runs, 0)
        or months.eval_cost_usd <> coalesce(evaluation_runs.eval_cost_usd, 0)
)

select * from differences
