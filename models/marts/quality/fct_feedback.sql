with

-- Only Auto-Analyst has its answers rated. The empty text is a model name there.
feedback as (
    {% if 'auto_analyst' in enabled_source_systems() %}
    select
        feedback.source_system,
        feedback.feedback_id,
        {{ var_text('default_organization_id') }} as organization_id,
        {{ var_text('default_project_id') }} as project_id,
        messages.session_id,
        feedback.message_id,
        {{ text_or_unknown('feedback.raw_provider') }} as provider,
        coalesce(feedback.raw_model, 'unknown') as model,
        feedback.raw_provider,
        feedback.raw_model,
        feedback.raw_model is not null as has_model,
        feedback.temperature,
        feedback.max_tokens,
        messages.message_sender,
        {{ preview('messages.message_text', 200) }} as message_preview,
        feedback.rating,
        feedback.rated_at,
        feedback.source_updated_at
    from {{ ref('stg_auto_analyst__message_feedback') }} as feedback
    left join {{ ref('stg_auto_analyst__messages') }} as messages
        on feedback.message_id = messages.message_id
    {% else %}
    {{ select_no_rows() }}
    {% endif %}
),

final as (
    select
        feedback_id,
        source_system,

        organization_id,
        project_id,
        session_id,
        message_id,

        provider,
        model,
        raw_provider,
        raw_model,
        has_model,
        temperature,
        max_tokens,
        message_sender,
        message_preview,

        rating,

        rated_at,
        source_updated_at
    from feedback
)

select * from final
