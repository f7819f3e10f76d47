with

source as (select * from {{ read_source('kaapi', 'llm_call') }}),

final as (
    select
        cast('kaapi' as {{ dbt.type_string() }}) as source_system,
        lower({{ source_text('id') }}) as llm_call_id,

        {{ text_or_unknown('organization_id') }} as organization_id,
        {{ text_or_unknown('project_id') }} as project_id,
        lower({{ source_text('chain_id') }}) as chain_id,
        nullif({{ source_text('conversation_id') }}, '') as session_id,

        {{ source_text('input_type') }} as input_type,
        {{ source_text('output_type') }} as output_type,
        {{ source_text('provider') }} as raw_provider,
        {{ source_text('model') }} as raw_model,

        deleted_at is not null as is_deleted,

        coalesce({{ json_token_count('usage', ['input_tokens']) }}, 0) as input_tokens,
        coalesce({{ json_token_count('usage', ['output_tokens']) }}, 0) as output_tokens,

        {{ source_instant('kaapi', 'inserted_at') }} as requested_at,
        {{ source_instant('kaapi', 'updated_at') }} as source_updated_at
    from source
)

select * from final
