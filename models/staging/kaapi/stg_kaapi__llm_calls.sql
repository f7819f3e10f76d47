with

source as (select * from {{ read_source('kaapi', 'llm_call') }}),

final as (
    select
        cast('kaapi' as {{ dbt.type_string() }}) as source_system,
        lower(cast(id as {{ dbt.type_string() }})) as llm_call_id,

        {{ text_or_unknown('organization_id') }} as organization_id,
        {{ text_or_unknown('project_id') }} as project_id,
        lower(cast(chain_id as {{ dbt.type_string() }})) as chain_id,
        nullif(cast(conversation_id as {{ dbt.type_string() }}), '') as session_id,

        cast(input_type as {{ dbt.type_string() }}) as input_type,
        cast(output_type as {{ dbt.type_string() }}) as output_type,
        cast(provider as {{ dbt.type_string() }}) as raw_provider,
        cast(model as {{ dbt.type_string() }}) as raw_model,

        deleted_at is not null as is_deleted,

        coalesce({{ json_token_count('usage', ['input_tokens']) }}, 0) as input_tokens,
        coalesce({{ json_token_count('usage', ['output_tokens']) }}, 0) as output_tokens,

        {{ calendar_timestamp('inserted_at') }} as requested_at,
        {{ calendar_timestamp('updated_at') }} as source_updated_at
    from source
)

select * from final
