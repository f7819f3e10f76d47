with

source as (select * from {{ read_source('auto_analyst', 'messages') }}),

final as (
    select
        cast(message_id as {{ dbt.type_string() }}) as message_id,

        cast(chat_id as {{ dbt.type_string() }}) as session_id,

        {{ source_text('sender') }} as message_sender,
        cast(content as {{ dbt.type_string() }}) as message_text
    from source
)

select * from final
