with

code_executions as (select * from {{ ref('stg_auto_analyst__code_executions') }}),

-- A run of which nobody knows how it ended is no success. The empty text is a model name here.
final as (
    select
        execution_id,
        source_system,

        {{ var_text('default_organization_id') }} as organization_id,
        {{ var_text('default_project_id') }} as project_id,
        user_id,
        session_id,
        message_id,

        {{ text_or_unknown('raw_provider') }} as provider,
        coalesce(raw_model, 'unknown') as model,
        raw_provider,
        raw_model,
        temperature,
        failed_agent_array,
        error_message_object,
        coalesce({{ json_text('failed_agent_array') }}, '[]') as failed_agents,
        coalesce({{ json_text('error_message_object') }}, '{}') as error_messages,
        {{ preview('initial_code', 500) }} as initial_code_preview,
        {{ preview('latest_code', 500) }} as latest_code_preview,

        coalesce(is_reported_successful, false) as is_successful,
        has_error_messages,
        raw_model is not null as has_model,

        max_tokens,

        executed_at,
        source_updated_at
    from code_executions
)

select * from final
