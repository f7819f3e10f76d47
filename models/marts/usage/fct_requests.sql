-- depends_on: {{ ref('inc_candidate_requests') }}
-- depends_on: {{ ref('inc_archived_requests') }}

with

requests as (select * from {{ ref('int_requests') }}),

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
        first_call_id,

        modality,
        provider,
        model,
        endpoint,
        http_method,
        status,
        processing,
        usage_source,
        cost_source,
        price_source,
        price_provider,
        price_model,
        price_processing,
        cost_precision,
        credit_tier,

        is_successful,
        is_failed,
        is_cache_hit,
        is_priced,
        has_model,
        false as is_archived,

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
        clamped_tokens,
        reported_cost_usd,
        computed_cost_usd,
        cost_usd,
        list_cost_usd,
        savings_usd,
        avoided_cost_usd,
        credits,
        latency_ms,
        first_token_latency_ms,
        http_status_code,

        requested_at,
        source_updated_at
    from requests
)

select * from final
