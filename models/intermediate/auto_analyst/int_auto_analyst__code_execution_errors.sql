with

code_executions as (select * from {{ ref('int_auto_analyst__code_executions') }}),

error_categories as (select * from {{ ref('error_categories') }}),

-- What a run that succeeded in the end reports of earlier tries is no error.
unsuccessful as (
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
        has_model,
        failed_agent_array,
        error_message_object,
        executed_at,
        source_updated_at
    from code_executions
    where not is_successful
),

failed_agents as (
    select
        unsuccessful.execution_id,
        'failed_agent' as error_kind,
        {{ short_text('failed_agent.text_value') }} as agent_name,
        failed_agent.ordinal,
        cast(null as {{ dbt.type_string() }}) as error_text
    from unsuccessful
    cross join {{ json_array_texts('unsuccessful.failed_agent_array') }} as failed_agent
),

errors as (
    select
        unsuccessful.execution_id,
        'error' as error_kind,
        {{ short_text('error_message.key_name') }} as agent_name,
        1 as ordinal,
        error_message.text_value as error_text
    from unsuccessful
    cross join {{ json_object_texts('unsuccessful.error_message_object') }} as error_message
),

-- Once for each error, not once more for each category it may be of.
lowered as (
    select
        execution_id,
        agent_name,
        {{ letters_lowered('error_text') }} as lowered_text
    from errors
    {{ optimization_fence() }}
),

-- The first that fits; the last one, which has no text, fits all.
categorised as (
    select
        lowered.execution_id,
        lowered.agent_name,
        min(error_categories.precedence) as precedence
    from lowered
    inner join error_categories
        on
            error_categories.contained_text is null
            or position(error_categories.contained_text in lowered.lowered_text) > 0
    group by 1, 2
),

united as (
    select * from failed_agents
    union all
    select * from errors
),

final as (
    select
        unsuccessful.execution_id,
        unsuccessful.source_system,
        united.error_kind,
        united.agent_name,
        united.ordinal,

        unsuccessful.organization_id,
        unsuccessful.project_id,
        unsuccessful.user_id,
        unsuccessful.session_id,
        unsuccessful.message_id,

        unsuccessful.provider,
        unsuccessful.model,
        error_categories.error_category,
        united.error_text,

        unsuccessful.has_model,

        unsuccessful.executed_at,
        unsuccessful.source_updated_at
    from united
    inner join unsuccessful on united.execution_id = unsuccessful.execution_id
    left join categorised
        on
            united.error_kind = 'error'
            and united.execution_id = categorised.execution_id
            and united.agent_name = categorised.agent_name
    left join error_categories on categorised.precedence = error_categories.precedence
)

select * from final
