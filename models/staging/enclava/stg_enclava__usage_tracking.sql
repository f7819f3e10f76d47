with

source as (select * from {{ read_source('enclava', 'usage_tracking') }}),

final as (
    select
        cast('enclava' as {{ dbt.type_string() }}) as source_system,
        cast(id as {{ dbt.type_string() }}) as request_id,

        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(api_key_id as {{ dbt.type_string() }}) as api_key_id,

        {{ source_text('model') }} as raw_model,
        {{ source_text('endpoint') }} as endpoint,
        {{ source_text('method') }} as http_method,

        {{ whole_count('request_tokens') }} as input_tokens,
        {{ whole_count('response_tokens') }} as output_tokens,
        {{ whole_count('total_tokens') }} as total_tokens,
        {{ cents_as_usd('cost_cents') }} as reported_cost_usd,
        {{ whole_count('response_time_ms') }} as latency_ms,
        cast(status_code as bigint) as http_status_code,

        {{ source_instant('enclava', 'created_at') }} as requested_at
    from source
)

select * from final
