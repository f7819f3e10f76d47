with

source as (select * from {{ read_source('litellm', 'spend_logs') }}),

-- Values of a megabyte are read once, however often they are looked into.
documented as (
    select
        source.*,
        {{ json_spelled_out('source.metadata') }} as readable_metadata
    from source
    {{ optimization_fence() }}
),

-- The object `usage_object` is the usage as the proxy makes it uniform; in rows without one
-- `additional_usage_values` has the same keys. What the proxy does not know it leaves out.
detailed as (
    select
        documented.*,
        {{ json_first_object(
            'documented.readable_metadata', ['usage_object', 'additional_usage_values']
        ) }} as usage_details
    from documented
    {{ optimization_fence() }}
),

final as (
    select
        cast('litellm' as {{ dbt.type_string() }}) as source_system,
        {{ source_text('request_id') }} as request_id,

        nullif({{ source_text(adapter.quote('user')) }}, '') as user_id,
        nullif({{ source_text('api_key') }}, '') as api_key_id,
        nullif({{ source_text('session_id') }}, '') as session_id,

        {{ source_text('custom_llm_provider') }} as raw_provider,
        {{ source_text('model') }} as raw_model,
        {{ source_text('call_type') }} as endpoint,
        {{ source_text('status') }} as status,
        {{ json_text_at('usage_details', ['service_tier']) }} as service_tier,
        {{ json_text_at('usage_details', ['speed']) }} as speed,

        case cache_hit when 'True' then true when 'False' then false end as is_cache_hit,

        {{ whole_count('prompt_tokens') }} as input_tokens,
        coalesce(
            {{ json_token_count('usage_details', ['prompt_tokens_details', 'cached_tokens']) }},
            {{ json_token_count('usage_details', ['cache_read_input_tokens']) }}
        ) as cached_input_tokens,
        coalesce(
            {{ json_token_count(
                'usage_details', ['prompt_tokens_details', 'cache_creation_tokens']
            ) }},
            {{ json_token_count('usage_details', ['cache_creation_input_tokens']) }}
        ) as all_cache_write_tokens,
        coalesce(
            {{ json_token_count(
                'usage_details',
                [
                    'prompt_tokens_details',
                    'cache_creation_token_details',
                    'ephemeral_1h_input_tokens',
                ]
            ) }},
            {{ json_token_count('usage_details', ['cache_creation', 'ephemeral_1h_input_tokens']) }}
        ) as cache_write_1h_tokens,
        {{ json_token_count('usage_details', ['prompt_tokens_details', 'audio_tokens']) }}
            as audio_input_tokens,
        {{ whole_count('completion_tokens') }} as output_tokens,
        {{ json_token_count('usage_details', ['completion_tokens_details', 'audio_tokens']) }}
            as audio_output_tokens,
        {{ json_token_count('usage_details', ['completion_tokens_details', 'reasoning_tokens']) }}
            as reasoning_tokens,
        {{ whole_count('total_tokens') }} as total_tokens,
        {{ float_usd('spend') }} as reported_cost_usd,

        {{ source_instant('litellm', adapter.quote('startTime')) }} as requested_at,
        {{ source_instant('litellm', adapter.quote('completionStartTime')) }} as first_token_at,
        {{ source_instant('litellm', adapter.quote('endTime')) }} as answered_at
    from detailed
)

select * from final
