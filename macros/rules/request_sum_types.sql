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
