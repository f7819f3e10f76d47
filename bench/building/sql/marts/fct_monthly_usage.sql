-- From the days, which have all that months are about: a hundred times fewer rows.
create table bench_floor.fct_monthly_usage as
select
    coalesce(usages.month, runs.month) as month,
    coalesce(usages.source_system, runs.source_system) as source_system,
    coalesce(usages.organization_id, runs.organization_id) as organization_id,
    coalesce(usages.project_id, runs.project_id) as project_id,
    coalesce(usages.modality, runs.modality) as modality,
    coalesce(usages.provider, runs.provider) as provider,
    coalesce(usages.model, runs.model) as model,
    coalesce(usages.requests, 0) as requests,
    coalesce(usages.llm_call_requests, 0) as llm_call_requests,
    coalesce(usages.llm_chain_requests, 0) as llm_chain_requests,
    coalesce(usages.successful_requests, 0) as successful_requests,
    coalesce(usages.failed_requests, 0) as failed_requests,
    coalesce(usages.unpriced_requests, 0) as unpriced_requests,
    coalesce(usages.token_counted_requests, 0) as token_counted_requests,
    coalesce(usages.input_token_counted_requests, 0) as input_token_counted_requests,
    coalesce(usages.output_token_counted_requests, 0) as output_token_counted_requests,
    coalesce(usages.timed_requests, 0) as timed_requests,
    coalesce(usages.first_token_timed_requests, 0) as first_token_timed_requests,
    coalesce(usages.cache_hits, 0) as cache_hits,
    coalesce(usages.cache_misses, 0) as cache_misses,
    coalesce(usages.input_tokens, 0) as input_tokens,
    coalesce(usages.cached_input_tokens, 0) as cached_input_tokens,
    coalesce(usages.cache_write_tokens, 0) as cache_write_tokens,
    coalesce(usages.cache_write_1h_tokens, 0) as cache_write_1h_tokens,
    coalesce(usages.audio_input_tokens, 0) as audio_input_tokens,
    coalesce(usages.cached_audio_input_tokens, 0) as cached_audio_input_tokens,
    coalesce(usages.output_tokens, 0) as output_tokens,
    coalesce(usages.audio_output_tokens, 0) as audio_output_tokens,
    coalesce(usages.reasoning_tokens, 0) as reasoning_tokens,
    coalesce(usages.total_tokens, 0) as total_tokens,
    coalesce(usages.timed_output_tokens, 0) as timed_output_tokens,
    coalesce(usages.cache_hit_tokens, 0) as cache_hit_tokens,
    coalesce(usages.cache_miss_tokens, 0) as cache_miss_tokens,
    coalesce(usages.reported_cost_usd, 0) as reported_cost_usd,
    coalesce(usages.computed_cost_usd, 0) as computed_cost_usd,
    coalesce(usages.cost_usd, 0) as cost_usd,
    coalesce(usages.list_cost_usd, 0) as list_cost_usd,
    coalesce(usages.savings_usd, 0) as savings_usd,
    coalesce(usages.avoided_cost_usd, 0) as avoided_cost_usd,
    coalesce(usages.credits, 0) as credits,
    coalesce(usages.latency_ms, 0) as latency_ms,
    coalesce(usages.first_token_latency_ms, 0) as first_token_latency_ms,
    coalesce(runs.eval_runs, 0) as eval_runs,
    coalesce(runs.eval_cost_usd, 0) as eval_cost_usd
from (
    select
        cast(date_trunc('month', day) as date) as month,
        source_system,
        organization_id,
        project_id,
        modality,
        provider,
        model,
        cast(sum(requests) as bigint) as requests,
        cast(sum(llm_call_requests) as bigint) as llm_call_requests,
        cast(sum(llm_chain_requests) as bigint) as llm_chain_requests,
        cast(sum(successful_requests) as bigint) as successful_requests,
        cast(sum(failed_requests) as bigint) as failed_requests,
        cast(sum(unpriced_requests) as bigint) as unpriced_requests,
        cast(sum(token_counted_requests) as bigint) as token_counted_requests,
        cast(sum(input_token_counted_requests) as bigint) as input_token_counted_requests,
        cast(sum(output_token_counted_requests) as bigint) as output_token_counted_requests,
        cast(sum(timed_requests) as bigint) as timed_requests,
        cast(sum(first_token_timed_requests) as bigint) as first_token_timed_requests,
        cast(sum(cache_hits) as bigint) as cache_hits,
        cast(sum(cache_misses) as bigint) as cache_misses,
        cast(sum(input_tokens) as bigint) as input_tokens,
        cast(sum(cached_input_tokens) as bigint) as cached_input_tokens,
        cast(sum(cache_write_tokens) as bigint) as cache_write_tokens,
        cast(sum(cache_write_1h_tokens) as bigint) as cache_write_1h_tokens,
        cast(sum(audio_input_tokens) as bigint) as audio_input_tokens,
        cast(sum(cached_audio_input_tokens) as bigint) as cached_audio_input_tokens,
        cast(sum(output_tokens) as bigint) as output_tokens,
        cast(sum(audio_output_tokens) as bigint) as audio_output_tokens,
        cast(sum(reasoning_tokens) as bigint) as reasoning_tokens,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(timed_output_tokens) as bigint) as timed_output_tokens,
        cast(sum(cache_hit_tokens) as bigint) as cache_hit_tokens,
        cast(sum(cache_miss_tokens) as bigint) as cache_miss_tokens,
        cast(sum(reported_cost_usd) as numeric(38, 22)) as reported_cost_usd,
        cast(sum(computed_cost_usd) as numeric(38, 22)) as computed_cost_usd,
        cast(sum(cost_usd) as numeric(38, 22)) as cost_usd,
        cast(sum(list_cost_usd) as numeric(38, 22)) as list_cost_usd,
        cast(sum(savings_usd) as numeric(38, 22)) as savings_usd,
        cast(sum(avoided_cost_usd) as numeric(38, 22)) as avoided_cost_usd,
        cast(sum(credits) as bigint) as credits,
        cast(sum(latency_ms) as bigint) as latency_ms,
        cast(sum(first_token_latency_ms) as bigint) as first_token_latency_ms
    from bench_floor.fct_daily_usage
    group by 1, 2, 3, 4, 5, 6, 7
) as usages
full join (
    select
        cast(date_trunc('month', evaluated_at at time zone 'UTC') as date) as month,
        source_system,
        organization_id,
        project_id,
        modality,
        provider,
        model,
        count(*) as eval_runs,
        cast(sum(eval_cost_usd) as numeric(38, 22)) as eval_cost_usd
    from bench_floor.fct_evaluation_runs
    group by 1, 2, 3, 4, 5, 6, 7
) as runs
    on
        usages.month = runs.month
        and usages.source_system = runs.source_system
        and usages.organization_id = runs.organization_id
        and usages.project_id = runs.project_id
        and usages.modality = runs.modality
        and usages.provider = runs.provider
        and usages.model = runs.model
