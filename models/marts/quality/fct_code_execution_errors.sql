-- depends_on: {{ ref('fct_code_executions') }}

with

-- Only Auto-Analyst runs code.
code_execution_errors as (
    {% if 'auto_analyst' in enabled_source_systems() %}
    select * from {{ ref('int_auto_analyst__code_execution_errors') }}
    {% else %}
    {{ select_no_rows() }}
    {% endif %}
),

final as (
    select
        execution_id,
        source_system,
        error_kind,
        agent_name,
        ordinal,

        organization_id,
        project_id,
        user_id,
        session_id,
        message_id,

        provider,
        model,
        error_category,
        error_text,

        has_model,
        false as is_archived,

        executed_at,
        source_updated_at
    from code_execution_errors
)

select * from final
