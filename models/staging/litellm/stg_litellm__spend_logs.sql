with

source as (select * from {{ rows_to_read('litellm', 'spend_logs') }}),

-- The object `usage_object` is the usage as the proxy makes it uniform; in rows without one
-- `additional_usage_values` has the same keys. What the proxy does not know it leaves out.
final as (
    select
        cast('litellm' as {{ dbt.type_string() }}) as source_system,
        cast(source.request_id as {{ dbt.type_string() }}) as request_id,

        nullif(cast(source.{{ adapter.quote('user') }} as {{ dbt.type_string() }}), '') as user_id,
        nullif(cast(source.api_key as {{ dbt.type_string() }}), '') as api_key_id,
        nullif(cast(source.session_id as {{ dbt.type_string() }}), '') as session_id,

        cast(source.custom_llm_provider as {{ dbt.type_string() }}) as raw_provider,
        cast(source.model as {{ dbt.type_string() }}) as raw_model,
        cast(source.call_type as {{ dbt.type_string() }}) as endpoint,
        cast(source.status as {{ dbt.type_string() }}) as status,
        {{ json_text_at('details.json_object', ['service_tier']) }} as service_tier,
        {{ json_text_at('details.json_object', ['speed']) }} as speed,

        case source.cache_hit when 'True' then true when 'False' then false end as is_cache_hit,

        cast(source.prompt_tokens as bigint) as input_tokens,
        coalesce(
            {{ json_token_count(
                'details.json_object', ['prompt_tokens_details', 'cached_tokens']
            ) }},
            {{ json_token_count('details.json_object', ['cache_read_input_tokens']) }}
        ) as cached_input_tokens,
        coalesce(
            {{ json_token_count(
                'details.json_object', ['prompt_tokens_details', 'cache_creation_tokens']
            ) }},
            {{ json_token_count('details.json_object', ['cache_creation_input_tokens']) }}
        ) as all_cache_write_tokens,
        coalesce(
            {{ json_token_count(
                'details.json_object',
                [
                    'prompt_tokens_details',
                    'cache_creation_token_details',
                    'ephemeral_1h_input_tokens',
                ]
            ) }},
            {{ json_token_count(
                'details.json_object', ['cache_creation', 'ephemeral_1h_input_tokens']
            ) }}
        ) as cache_write_1h_tokens,
        {{ json_token_count('details.json_object', ['prompt_tokens_details', 'audio_tokens']) }}
            as audio_input_tokens,
        cast(source.completion_tokens as bigint) as output_tokens,
        {{ json_token_count('details.json_object', ['completion_tokens_details', 'audio_tokens']) }}
            as audio_output_tokens,
        {{ json_token_count(
            'details.json_object', ['completion_tokens_details', 'reasoning_tokens']
        ) }} as reasoning_tokens,
        cast(source.total_tokens as bigint) as total_tokens,
        {{ float_usd('source.spend') }} as reported_cost_usd,

        {{ calendar_timestamp('source.' ~ adapter.quote('startTime')) }} as requested_at,
        {{ calendar_timestamp('source.' ~ adapter.quote('completionStartTime')) }}
            as first_token_at,
        {{ calendar_timestamp('source.' ~ adapter.quote('endTime')) }} as answered_at
    from source
    cross join
        {{ json_first_object('source.metadata', ['usage_object', 'additional_usage_values']) }}
            as details
)

select * from final
