with

source as (select * from {{ read_source('auto_analyst', 'code_executions') }}),

-- The two JSON texts are read apart: one that is damaged hides nothing of the other.
final as (
    select
        cast('auto_analyst' as {{ dbt.type_string() }}) as source_system,
        cast(execution_id as {{ dbt.type_string() }}) as execution_id,

        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(chat_id as {{ dbt.type_string() }}) as session_id,
        cast(message_id as {{ dbt.type_string() }}) as message_id,

        {{ source_text('model_provider') }} as raw_provider,
        {{ source_text('model_name') }} as raw_model,
        cast(model_temperature as {{ dbt.type_string() }}) as temperature,
        {{ readable_json('failed_agents', 'array') }} as failed_agent_array,
        {{ readable_json('error_messages', 'object') }} as error_message_object,
        cast(initial_code as {{ dbt.type_string() }}) as initial_code,
        cast(latest_code as {{ dbt.type_string() }}) as latest_code,

        is_successful as is_reported_successful,
        error_messages is not null as has_error_messages,

        {{ whole_count('model_max_tokens') }} as max_tokens,

        {{ source_instant('auto_analyst', 'created_at') }} as executed_at,
        {{ source_instant('auto_analyst', 'updated_at') }} as source_updated_at
    from source
)

select * from final
