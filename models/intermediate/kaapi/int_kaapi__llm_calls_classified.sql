-- depends_on: {{ extraction() }}

with

llm_calls as (select * from {{ ref('stg_kaapi__llm_calls') }}),

final as (
    select
        source_system,
        llm_call_id,

        organization_id,
        project_id,
        chain_id,
        session_id,

        {{ kaapi_call_modality('input_type', 'output_type') }} as modality,
        {{ canonical_provider('raw_provider') }} as provider,
        {{ text_or_unknown('raw_model') }} as model,
        raw_model,

        is_deleted,
        coalesce(raw_model, '') <> '' as has_model,

        input_tokens,
        output_tokens,

        requested_at,
        source_updated_at
    from llm_calls
)

select * from final
