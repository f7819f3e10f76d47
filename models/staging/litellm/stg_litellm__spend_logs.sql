with

source as (select * from {{ source('litellm', 'spend_logs') }}),

final as (
    select
        cast('litellm' as {{ dbt.type_string() }}) as source_system,
        cast(request_id as {{ dbt.type_string() }}) as request_id,

        nullif(cast({{ adapter.quote('user') }} as {{ dbt.type_string() }}), '') as user_id,
        nullif(cast(api_key as {{ dbt.type_string() }}), '') as api_key_id,
        nullif(cast(session_id as {{ dbt.type_string() }}), '') as session_id,

        cast(custom_llm_provider as {{ dbt.type_string() }}) as raw_provider,
        cast(model as {{ dbt.type_string() }}) as raw_model,
        cast(call_type as {{ dbt.type_string() }}) as endpoint,
        cast(status as {{ dbt.type_string() }}) as status,

        case cache_hit when 'True' then true when 'False' then false end as is_cache_hit,

        cast(prompt_tokens as bigint) as input_tokens,
        cast(completion_tokens as bigint) as output_tokens,
        cast(total_tokens as bigint) as total_tokens,
        {{ float_usd('spend') }} as reported_cost_usd,

        {{ calendar_timestamp(adapter.quote('startTime')) }} as requested_at,
        {{ calendar_timestamp(adapter.quote('completionStartTime')) }} as first_token_at,
        {{ calendar_timestamp(adapter.quote('endTime')) }} as answered_at
    from source
)

select * from final
