create table bench_floor.fct_hourly_usage as
select
    date_trunc('hour', requested_at, 'UTC') as hour,
    source_system,
    organization_id,
    project_id,
    provider,
    model,
    has_model,
    credit_tier,
    is_successful,
    count(*) as requests,
    count(*) filter (where request_kind = 'call') as llm_call_requests,
    count(*) filter (where request_kind = 'chain') as llm_chain_requests,
    count(*) filter (where is_successful) as successful_requests,
    count(*) filter (where is_failed) as failed_requests,
    count(*) filter (where not is_priced) as unpriced_requests,
    count(total_tokens) as token_counted_requests,
    count(input_tokens) as input_token_counted_requests,
    count(output_tokens) as output_token_counted_requests,
    count(latency_ms) as timed_requests,
    count(first_token_latency_ms) as first_token_timed_requests,
    count(*) filter (where is_cache_hit) as cache_hits,
    count(*) filter (where not is_cache_hit) as cache_misses,
    cast(coalesce(sum(input_tokens), 0) as bigint) as input_tokens,
    cast(coalesce(sum(cached_input_tokens), 0) as bigint) as cached_input_tokens,
    cast(coalesce(sum(cache_write_tokens), 0) as bigint) as cache_write_tokens,
    cast(coalesce(sum(cache_write_1h_tokens), 0) as bigint) as cache_write_1h_tokens,
    cast(coalesce(sum(audio_input_tokens), 0) as bigint) as audio_input_tokens,
    cast(coalesce(sum(cached_audio_input_tokens), 0) as bigint) as cached_audio_input_tokens,
    cast(coalesce(sum(output_tokens), 0) as bigint) as output_tokens,
    cast(coalesce(sum(audio_output_tokens), 0) as bigint) as audio_output_tokens,
    cast(coalesce(sum(reasoning_tokens), 0) as bigint) as reasoning_tokens,
    cast(coalesce(sum(total_tokens), 0) as bigint) as total_tokens,
    cast(
        coalesce(sum(output_tokens) filter (where latency_ms is not null), 0) as bigint
    ) as timed_output_tokens,
    cast(
        coalesce(sum(total_tokens) filter (where is_cache_hit), 0) as bigint
    ) as cache_hit_tokens,
    cast(
        coalesce(sum(total_tokens) filter (where not is_cache_hit), 0) as bigint
    ) as cache_miss_tokens,
    cast(coalesce(sum(reported_cost_usd), 0) as numeric(38, 22)) as reported_cost_usd,
    cast(coalesce(sum(computed_cost_usd), 0) as numeric(38, 22)) as computed_cost_usd,
    cast(coalesce(sum(cost_usd), 0) as numeric(38, 22)) as cost_usd,
    cast(coalesce(sum(list_cost_usd), 0) as numeric(38, 22)) as list_cost_usd,
    cast(coalesce(sum(savings_usd), 0) as numeric(38, 22)) as savings_usd,
    cast(coalesce(sum(avoided_cost_usd), 0) as numeric(38, 22)) as avoided_cost_usd,
    cast(coalesce(sum(credits), 0) as bigint) as credits,
    cast(coalesce(sum(latency_ms), 0) as bigint) as latency_ms,
    cast(coalesce(sum(first_token_latency_ms), 0) as bigint) as first_token_latency_ms,
    min(latency_ms) as min_latency_ms,
    max(latency_ms) as max_latency_ms,
    max(total_tokens) as max_total_tokens
from bench_floor.fct_requests
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
