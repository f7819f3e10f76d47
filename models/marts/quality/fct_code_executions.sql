with

-- Only Auto-Analyst runs code.
code_executions as (
    {% if 'auto_analyst' in enabled_source_systems() %}
    select * from {{ ref('int_auto_analyst__code_executions') }}
    {% else %}
    {{ select_no_rows() }}
    {% endif %}
),

final as (
    select
        execution_id,
        source_system,

        organization_id,
        project_id,
        user_id,
        session_id,
        message_id,

        provider,
        model,
        raw_provider,
        raw_model,
        temperature,
        failed_agents,
        error_messages,
        initial_code_preview,
        latest_code_preview,

        is_successful,
        has_error_messages,
        has_model,
        false as is_archived,

        max_tokens,

        executed_at,
        source_updated_at
    from code_executions
)

select * from final
