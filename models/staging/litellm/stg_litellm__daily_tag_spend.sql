with

source as (select * from {{ read_source('litellm', 'daily_tag_spend') }}),

final as (
    select
        cast('litellm' as {{ dbt.type_string() }}) as source_system,
        {{ source_text('id') }} as tag_spend_id,

        {{ source_text('api_key') }} as api_key_hash,

        {{ source_text('tag') }} as raw_tag,

        cast(api_requests as bigint) as api_requests,
        cast(successful_requests as bigint) as successful_api_requests,
        cast(failed_requests as bigint) as failed_api_requests,
        cast(prompt_tokens as bigint) as prompt_tokens,
        cast(completion_tokens as bigint) as completion_tokens,
        {{ float_usd('spend') }} as spend_usd,

        {{ calendar_date('date') }} as day
    from source
)

select * from final
