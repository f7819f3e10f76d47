with

source as (select * from {{ read_source('kaapi', 'organization') }}),

final as (
    select
        cast('kaapi' as {{ dbt.type_string() }}) as source_system,
        cast(id as {{ dbt.type_string() }}) as organization_id,

        {{ source_text('name') }} as organization_name,

        coalesce(is_active, false) as is_active
    from source
)

select * from final
