with

-- Only Auto-Analyst has its answers rated. The empty text is a model name there.
{% if 'auto_analyst' in enabled_source_systems() %}
message_feedback as (select * from {{ ref('stg_auto_analyst__message_feedback') }}),

messages as (select * from {{ ref('stg_auto_analyst__messages') }}),

feedback as (
    select
        message_feedback.source_system,
        message_feedback.feedback_id,
        {{ var_text('default_organization_id') }} as organization_id,
        {{ var_text('default_project_id') }} as project_id,
        messages.session_id,
        message_feedback.message_id,
        {{ text_or_unknown('message_feedback.raw_provider') }} as provider,
        coalesce(message_feedback.raw_model, 'unknown') as model,
        message_feedback.raw_provider,
        message_feedback.raw_model,
        message_feedback.raw_model is not null as has_model,
        message_feedback.temperature,
        message_feedback.max_tokens,
        messages.message_sender,
        {{ preview('messages.message_text', 200) }} as message_preview,
        message_feedback.rating,
        message_feedback.rated_at,
        message_feedback.source_updated_at
    from message_feedback
    left join messages on message_feedback.message_id = messages.message_id
),
{% else %}
feedback as ({{ select_no_rows() }}),
{% endif %}

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
        false as is_archived,
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
