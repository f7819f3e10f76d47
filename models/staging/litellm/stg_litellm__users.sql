with

source as (select * from {{ read_source('litellm', 'users') }}),

final as (
    select
        cast('litellm' as {{ dbt.type_string() }}) as source_system,
        {{ var_text('default_organization_id') }} as organization_id,
        {{ source_text('user_id') }} as user_id,

        nullif({{ source_text('user_alias') }}, '') as user_name,
        nullif({{ source_text('user_email') }}, '') as email,

        cast(null as boolean) as is_active,
        cast(null as boolean) as is_superuser,

        {{ source_instant('litellm', 'created_at') }} as signed_up_at
    from source
    -- The empty id stands for no user wherever it is used.
    where user_id <> ''
)

select * from final
