with

source as (select * from {{ read_source('litellm', 'verification_tokens') }}),

final as (
    select
        cast(token as {{ dbt.type_string() }}) as api_key_hash,

        nullif(cast(user_id as {{ dbt.type_string() }}), '') as user_id
    from source
)

select * from final
