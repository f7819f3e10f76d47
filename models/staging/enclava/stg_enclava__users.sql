with

source as (select * from {{ read_source('enclava', 'users') }}),

final as (
    select
        cast('enclava' as {{ dbt.type_string() }}) as source_system,
        {{ var_text('default_organization_id') }} as organization_id,
        cast(id as {{ dbt.type_string() }}) as user_id,

        nullif({{ source_text('username') }}, '') as user_name,
        nullif({{ source_text('email') }}, '') as email,

        is_active,
        is_superuser,

        {{ source_instant('enclava', 'created_at') }} as signed_up_at
    from source
)

select * from final
