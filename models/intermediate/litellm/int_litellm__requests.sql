-- depends_on: {{ extraction() }}

with

spend_logs as (select * from {{ ref('stg_litellm__spend_logs') }}),

served as (
    select
        *,
        -- The tier `auto` was asked for, not served: it says nothing.
        case
            when endpoint in ('aretrieve_batch', 'retrieve_batch') then 'batch'
            when service_tier in ('batch', 'flex', 'priority') then service_tier
            when speed = 'fast' then 'fast'
            when service_tier in ('default', 'standard') then 'standard'
        end as processing,
        case
            when endpoint = 'call_mcp_tool' then 'not_applicable'
            else
                {{ origin_of_usage('provider', ['input_tokens', 'output_tokens', 'total_tokens']) }}
        end as usage_source
    from spend_logs
),

-- A status that is neither `success` nor `failure` is neither, but the row is a request.
final as (
    select
        {{ select_request(
            same=[
                'request_id', 'source_system', 'user_id', 'api_key_id', 'session_id', 'raw_model',
                'endpoint', 'status', 'processing', 'usage_source', 'is_cache_hit', 'input_tokens',
                'cached_input_tokens', 'cache_write_1h_tokens', 'audio_input_tokens',
                'output_tokens', 'audio_output_tokens', 'reasoning_tokens', 'total_tokens',
                'reported_cost_usd', 'requested_at',
            ],
            made={
                'provider': text_or_unknown('raw_provider'),
                'model': text_or_unknown('raw_model'),
                'reported_cost_precision': "'binary_float'",
                'is_successful': "coalesce(status = 'success', false)",
                'is_failed': "coalesce(status = 'failure', false)",
                'has_model': "coalesce(raw_model, '') <> ''",
                'cache_write_tokens': 'all_cache_write_tokens - coalesce(cache_write_1h_tokens, 0)',
                'latency_ms': milliseconds_between('requested_at', 'answered_at'),
                'first_token_latency_ms': milliseconds_between('requested_at', 'first_token_at'),
            },
        ) }}
    from served
)

select * from final
