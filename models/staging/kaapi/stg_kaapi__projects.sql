with

source as (select * from {{ read_source('kaapi', 'project') }}),

final as (
    select
        cast('kaapi' as {{ dbt.type_string() }}) as source_system,
        cast(id as {{ dbt.type_string() }}) as project_id,
        {{ text_or_unknown('organization_id') }} as organization_id,

        {{ source_text('name') }} as project_name,

        coalesce(is_active, false) as is_active
    from source
)

select * from final
