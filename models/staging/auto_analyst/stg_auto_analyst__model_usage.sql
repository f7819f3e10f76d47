with

source as (select * from {{ read_source('auto_analyst', 'model_usage') }}),

final as (
    select
        cast('auto_analyst' as {{ dbt.type_string() }}) as source_system,
        cast(usage_id as {{ dbt.type_string() }}) as request_id,

        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(chat_id as {{ dbt.type_string() }}) as session_id,

        {{ source_text('provider') }} as raw_provider,
        {{ source_text('model_name') }} as raw_model,

        {{ whole_count('prompt_tokens') }} as input_tokens,
        {{ whole_count('completion_tokens') }} as output_tokens,
        {{ whole_count('total_tokens') }} as total_tokens,
        {{ float_usd('cost') }} as reported_cost_usd,
        {{ whole_count('request_time_ms') }} as latency_ms,

        {{ source_instant('auto_analyst', adapter.quote('timestamp')) }} as requested_at
    from source
)

select * from final
