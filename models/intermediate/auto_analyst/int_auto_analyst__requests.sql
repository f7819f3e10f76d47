with

model_usage as (select * from {{ ref('int_auto_analyst__model_usage_tiered') }}),

-- An answer without a token is no success; the source says nothing of failures. The empty text is a
-- model name here.
final as (
    select
        request_id,
        cast('call' as {{ dbt.type_string() }}) as request_kind,
        source_system,

        {{ var_text('default_organization_id') }} as organization_id,
        {{ var_text('default_project_id') }} as project_id,
        user_id,
        cast(null as {{ dbt.type_string() }}) as api_key_id,
        session_id,
        cast(null as {{ dbt.type_string() }}) as chain_id,
        cast(null as {{ dbt.type_string() }}) as first_call_id,

        cast('OTHER' as {{ dbt.type_string() }}) as modality,
        {{ text_or_unknown('raw_provider') }} as provider,
        coalesce(raw_model, 'unknown') as model,
        raw_model,
        cast(null as {{ dbt.type_string() }}) as endpoint,
        cast(null as {{ dbt.type_string() }}) as http_method,
        cast(null as {{ dbt.type_string() }}) as status,
        cast(null as {{ dbt.type_string() }}) as processing,
        {{ origin_of_usage('estimated', ['input_tokens', 'output_tokens', 'total_tokens']) }}
            as usage_source,
        cast('binary_float' as {{ dbt.type_string() }}) as reported_cost_precision,
        credit_tier,

        coalesce(output_tokens, 0) >= 1 as is_successful,
        cast(null as boolean) as is_failed,
        cast(null as boolean) as is_cache_hit,
        raw_model is not null as has_model,

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
        credits,
        latency_ms,
        cast(null as bigint) as first_token_latency_ms,
        cast(null as bigint) as http_status_code,

        requested_at,
        cast(null as {{ instant_type() }}) as source_updated_at
    from model_usage
)

select * from final
