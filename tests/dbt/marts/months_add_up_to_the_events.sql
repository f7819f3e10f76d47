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
    from {{ get_where_subquery(ref('fct_monthly_usage')) }}
    group by 1, 2, 3, 4, 5, 6
),

days as (
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
        sum(cost_usd) as cost_usd
    from {{ ref('inc_days_of_affected_months') }}
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
    from {{ ref('inc_evaluation_runs_of_affected_months') }}
    group by 1, 2, 3, 4, 5, 6
),

differences as (
    select
        months.*,
        days.requests as event_requests,
        days.cost_usd as event_cost_usd,
        evaluation_runs.eval_runs as event_eval_runs,
        evaluation_runs.eval_cost_usd as event_eval_cost_usd
    from months
    full outer join days
        on
            months.source_system = days.source_system
            and months.organization_id = days.organization_id
            and months.project_id = days.project_id
            and months.modality = days.modality
            and months.provider = days.provider
            and months.model = days.model
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
        or months.llm_call_requests <> coalesce(days.llm_call_requests, 0)
        or months.llm_chain_requests <> coalesce(days.llm_chain_requests, 0)
        or months.requests <> coalesce(days.requests, 0)
        or months.unpriced_requests <> coalesce(days.unpriced_requests, 0)
        or months.input_tokens <> coalesce(days.input_tokens, 0)
        or months.output_tokens <> coalesce(days.output_tokens, 0)
        or months.total_tokens <> coalesce(days.total_tokens, 0)
        or months.cost_usd <> coalesce(days.cost_usd, 0)
        or months.eval_runs <> coalesce(evaluation_runs.eval_runs, 0)
        or months.eval_cost_usd <> coalesce(evaluation_runs.eval_cost_usd, 0)
)

select * from differences
