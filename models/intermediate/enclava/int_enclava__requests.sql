-- depends_on: {{ extraction() }}

with

usage_tracking as (select * from {{ ref('stg_enclava__usage_tracking') }}),

-- A request without a status code is neither successful nor failed.
final as (
    select
        request_id,
        cast('call' as {{ dbt.type_string() }}) as request_kind,
        source_system,

        {{ var_text('default_organization_id') }} as organization_id,
        {{ var_text('default_project_id') }} as project_id,
        user_id,
        api_key_id,
        cast(null as {{ dbt.type_string() }}) as session_id,
        cast(null as {{ dbt.type_string() }}) as chain_id,
        cast(null as {{ dbt.type_string() }}) as first_call_id,

        cast('OTHER' as {{ dbt.type_string() }}) as modality,
        cast('unknown' as {{ dbt.type_string() }}) as provider,
        {{ text_or_unknown('raw_model') }} as model,
        raw_model,
        endpoint,
        http_method,
        cast(null as {{ dbt.type_string() }}) as status,
        cast(null as {{ dbt.type_string() }}) as processing,
        {{ origin_of_usage('provider', ['input_tokens', 'output_tokens', 'total_tokens']) }}
            as usage_source,
        cast('whole_cents' as {{ dbt.type_string() }}) as reported_cost_precision,
        cast(null as {{ dbt.type_string() }}) as credit_tier,

        http_status_code < 400 as is_successful,
        http_status_code >= 400 as is_failed,
        cast(null as boolean) as is_cache_hit,
        coalesce(raw_model, '') <> '' as has_model,

        input_tokens,
        cast(null as bigint) as cached_input_tokens,
        cast(null as bigint) as cache_write_tokens,
        cast(null as bigint) as cache_write_1h_tokens,
        cast(null as bigint) as audio_input_tokens,
        cast(null as bigint) as cached_audio_input_tokens,
        output_tokens,
        cast(null as bigint) as audio_output_tokens,
        cast(null as bigint) as reasoning_tokens,
        total_tokens,
        reported_cost_usd,
        cast(null as bigint) as credits,
        latency_ms,
        cast(null as bigint) as first_token_latency_ms,
        http_status_code,

        requested_at,
        cast(null as {{ instant_type() }}) as source_updated_at
    from usage_tracking
)

select * from final
