with

source as (select * from {{ source('kaapi', 'llm_call') }}),

final as (
    select
        cast('kaapi' as {{ dbt.type_string() }}) as source_system,
        lower(cast(source.id as {{ dbt.type_string() }})) as llm_call_id,

        {{ text_or_unknown('source.organization_id') }} as organization_id,
        {{ text_or_unknown('source.project_id') }} as project_id,
        lower(cast(source.chain_id as {{ dbt.type_string() }})) as chain_id,
        nullif(cast(source.conversation_id as {{ dbt.type_string() }}), '') as session_id,

        cast(source.input_type as {{ dbt.type_string() }}) as input_type,
        cast(source.output_type as {{ dbt.type_string() }}) as output_type,
        cast(source.provider as {{ dbt.type_string() }}) as raw_provider,
        cast(source.model as {{ dbt.type_string() }}) as raw_model,

        source.deleted_at is not null as is_deleted,

        usage_tokens.input_tokens,
        usage_tokens.output_tokens,

        {{ calendar_timestamp('source.inserted_at') }} as requested_at,
        {{ calendar_timestamp('source.updated_at') }} as source_updated_at
    from source
    cross join lateral (
        select
            {{ json_token_count('source.usage', 'input_tokens') }} as input_tokens,
            {{ json_token_count('source.usage', 'output_tokens') }} as output_tokens
        {{ evaluate_once() }}
    ) as usage_tokens
)

select * from final
