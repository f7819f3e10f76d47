with

source as (select * from {{ read_source('auto_analyst', 'message_feedback') }}),

final as (
    select
        cast('auto_analyst' as {{ dbt.type_string() }}) as source_system,
        cast(feedback_id as {{ dbt.type_string() }}) as feedback_id,

        cast(message_id as {{ dbt.type_string() }}) as message_id,

        {{ source_text('model_provider') }} as raw_provider,
        {{ source_text('model_name') }} as raw_model,
        cast(temperature as {{ dbt.type_string() }}) as temperature,

        {{ whole_count('max_tokens') }} as max_tokens,
        cast(rating as bigint) as rating,

        {{ source_instant('auto_analyst', 'created_at') }} as rated_at,
        {{ source_instant('auto_analyst', 'updated_at') }} as source_updated_at
    from source
)

select * from final
