with

source as (select * from {{ read_source('auto_analyst', 'users') }}),

final as (
    select
        cast('auto_analyst' as {{ dbt.type_string() }}) as source_system,
        {{ var_text('default_organization_id') }} as organization_id,
        cast(user_id as {{ dbt.type_string() }}) as user_id,

        nullif({{ source_text('username') }}, '') as user_name,
        nullif({{ source_text('email') }}, '') as email,

        cast(null as boolean) as is_active,
        cast(null as boolean) as is_superuser,

        {{ source_instant('auto_analyst', 'created_at') }} as signed_up_at
    from source
)

select * from final
