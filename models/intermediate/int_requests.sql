with

requests as (select * from {{ ref('int_requests_reported') }}),

-- What the source says a request cost goes before what we compute from its tokens.
final as (
    select
        request_id,
        request_kind,
        source_system,

        organization_id,
        project_id,
        user_id,
        api_key_id,
        session_id,
        chain_id,

        modality,
        provider,
        model,
        endpoint,
        http_method,
        status,
        processing,
        usage_source,
        cost_source,
        cast(null as {{ dbt.type_string() }}) as price_source,
        cast(null as {{ dbt.type_string() }}) as price_provider,
        cast(null as {{ dbt.type_string() }}) as price_model,
        cast(null as {{ dbt.type_string() }}) as price_processing,
        cast(null as {{ dbt.type_string() }}) as cost_precision,
        credit_tier,

        is_successful,
        is_failed,
        is_cache_hit,
        coalesce(reported_cost_usd, computed_cost_usd) is not null as is_priced,
        has_model,

        input_tokens,
        cached_input_tokens,
        cache_write_tokens,
        cache_write_1h_tokens,
        audio_input_tokens,
        cached_audio_input_tokens,
        output_tokens,
        audio_output_tokens,
        reasoning_tokens,
        total_tokens,
        cast(0 as bigint) as clamped_tokens,
        reported_cost_usd,
        computed_cost_usd,
        cast(
            coalesce(reported_cost_usd, computed_cost_usd, 0) as numeric(38, 22)
        ) as cost_usd,
        cast(null as numeric(38, 22)) as list_cost_usd,
        cast(null as numeric(38, 22)) as savings_usd,
        cast(null as numeric(38, 22)) as avoided_cost_usd,
        credits,
        latency_ms,
        first_token_latency_ms,
        http_status_code,

        requested_at,
        source_updated_at
    from requests
)

select * from final
