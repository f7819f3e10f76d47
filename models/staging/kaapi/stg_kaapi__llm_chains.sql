with

source as (select * from {{ read_source('kaapi', 'llm_chain') }}),

final as (
    select
        cast('kaapi' as {{ dbt.type_string() }}) as source_system,
        lower({{ source_text('id') }}) as llm_chain_id,

        {{ text_or_unknown('organization_id') }} as organization_id,
        {{ text_or_unknown('project_id') }} as project_id,
        {{ uuid_text(json_first_text('block_sequences')) }} as first_llm_call_id,

        nullif({{ source_text('status') }}, '') as status,

        {{ source_instant('kaapi', 'inserted_at') }} as requested_at,
        {{ source_instant('kaapi', 'updated_at') }} as source_updated_at
    from source
)

select * from final
