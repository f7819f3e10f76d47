with

source as (select * from {{ read_source('enclava', 'api_keys') }}),

final as (
    select
        cast('enclava' as {{ dbt.type_string() }}) as source_system,
        cast(id as {{ dbt.type_string() }}) as api_key_id,

        cast(user_id as {{ dbt.type_string() }}) as owner_user_id
    from source
)

select * from final
