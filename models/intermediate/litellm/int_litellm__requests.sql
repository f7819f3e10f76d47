-- depends_on: {{ extraction() }}

with

spend_logs as (select * from {{ ref('stg_litellm__spend_logs') }}),

-- A status that is neither `success` nor `failure` is neither, but the row is a request.
final as (
    select
        request_id,
        cast('call' as {{ dbt.type_string() }}) as request_kind,
        source_system,

        {{ var_text('default_organization_id') }} as organization_id,
        {{ var_text('default_project_id') }} as project_id,
        user_id,
        api_key_id,
        session_id,
        cast(null as {{ dbt.type_string() }}) as chain_id,
        cast(null as {{ dbt.type_string() }}) as first_call_id,

        cast('OTHER' as {{ dbt.type_string() }}) as modality,
        {{ text_or_unknown('raw_provider') }} as provider,
        {{ text_or_unknown('raw_model') }} as model,
        raw_model,
        endpoint,
        cast(null as {{ dbt.type_string() }}) as http_method,
        status,
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
        end as usage_source,
        cast('binary_float' as {{ dbt.type_string() }}) as reported_cost_precision,
        cast(null as {{ dbt.type_string() }}) as credit_tier,

        coalesce(status = 'success', false) as is_successful,
        coalesce(status = 'failure', false) as is_failed,
        is_cache_hit,
        coalesce(raw_model, '') <> '' as has_model,

        input_tokens,
        cached_input_tokens,
        all_cache_write_tokens - coalesce(cache_write_1h_tokens, 0) as cache_write_tokens,
        cache_write_1h_tokens,
        audio_input_tokens,
        cast(null as bigint) as cached_audio_input_tokens,
        output_tokens,
        audio_output_tokens,
        reasoning_tokens,
        total_tokens,
        reported_cost_usd,
        cast(null as bigint) as credits,
        {{ milliseconds_between('requested_at', 'answered_at') }} as latency_ms,
        {{ milliseconds_between('requested_at', 'first_token_at') }} as first_token_latency_ms,
        cast(null as bigint) as http_status_code,

        requested_at,
        cast(null as {{ instant_type() }}) as source_updated_at
    from spend_logs
)

select * from final
