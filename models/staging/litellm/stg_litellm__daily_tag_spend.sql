with

source as (select * from {{ read_source('litellm', 'daily_tag_spend') }}),

final as (
    select
        cast('litellm' as {{ dbt.type_string() }}) as source_system,
        {{ source_text('id') }} as tag_spend_id,

        {{ source_text('api_key') }} as api_key_hash,

        {{ source_text('tag') }} as raw_tag,

        {{ whole_count('api_requests') }} as api_requests,
        {{ whole_count('successful_requests') }} as successful_api_requests,
        {{ whole_count('failed_requests') }} as failed_api_requests,
        {{ whole_count('prompt_tokens') }} as prompt_tokens,
        {{ whole_count('completion_tokens') }} as completion_tokens,
        {{ float_usd('spend') }} as spend_usd,

        {{ calendar_date('date') }} as day
    from source
)

select * from final
