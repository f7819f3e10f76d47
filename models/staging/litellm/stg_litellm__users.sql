with

source as (select * from {{ read_source('litellm', 'users') }}),

final as (
    select
        cast('litellm' as {{ dbt.type_string() }}) as source_system,
        {{ var_text('default_organization_id') }} as organization_id,
        cast(user_id as {{ dbt.type_string() }}) as user_id,

        nullif(cast(user_alias as {{ dbt.type_string() }}), '') as user_name,
        nullif(cast(user_email as {{ dbt.type_string() }}), '') as email,

        cast(null as boolean) as is_active,
        cast(null as boolean) as is_superuser,

        {{ calendar_timestamp('created_at') }} as signed_up_at
    from source
    -- The empty id stands for no user wherever it is used.
    where user_id <> ''
)

select * from final
