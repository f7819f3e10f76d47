with

source as (select * from {{ read_source('litellm', 'verification_tokens') }}),

final as (
    select
        {{ source_text('token') }} as api_key_hash,

        nullif({{ source_text('user_id') }}, '') as user_id
    from source
)

select * from final
