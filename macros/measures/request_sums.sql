{% macro request_sums() -%}
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
cast(coalesce(sum(first_token_latency_ms), 0) as bigint) as first_token_latency_ms
{%- endmacro %}

{# What request_sums adds up, by name, and its type: roll-ups of roll-ups add these up again. #}
{% macro request_sum_types() -%}
    {%- set types = {} -%}
    {%- for name in [
        'llm_call_requests', 'llm_chain_requests', 'successful_requests', 'failed_requests',
        'unpriced_requests', 'token_counted_requests', 'input_token_counted_requests',
        'output_token_counted_requests', 'timed_requests', 'first_token_timed_requests',
        'cache_hits', 'cache_misses', 'input_tokens', 'cached_input_tokens', 'cache_write_tokens',
        'cache_write_1h_tokens', 'audio_input_tokens', 'cached_audio_input_tokens',
        'output_tokens', 'audio_output_tokens', 'reasoning_tokens', 'total_tokens',
        'timed_output_tokens', 'cache_hit_tokens', 'cache_miss_tokens', 'credits', 'latency_ms',
        'first_token_latency_ms',
    ] -%}
        {%- do types.update({name: 'bigint'}) -%}
    {%- endfor -%}
    {%- for name in [
        'reported_cost_usd', 'computed_cost_usd', 'cost_usd', 'list_cost_usd', 'savings_usd',
        'avoided_cost_usd',
    ] -%}
        {%- do types.update({name: 'numeric(38, 22)'}) -%}
    {%- endfor -%}
    {{ return(types) }}
{%- endmacro %}
