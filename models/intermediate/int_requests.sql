with

requests as (
    {% for source_system in enabled_source_systems() %}
    select * from {{ ref('int_' ~ source_system ~ '__requests') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

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
        cost_source,
        credit_tier,

        is_successful,
        is_failed,
        is_cache_hit,
        coalesce(reported_cost_usd, computed_cost_usd) is not null as is_priced,
        has_model,

        input_tokens,
        cached_input_tokens,
        output_tokens,
        reasoning_tokens,
        total_tokens,
        reported_cost_usd,
        computed_cost_usd,
        cast(
            coalesce(reported_cost_usd, computed_cost_usd, 0) as numeric(38, 22)
        ) as cost_usd,
        credits,
        latency_ms,
        first_token_latency_ms,
        http_status_code,

        requested_at,
        source_updated_at
    from requests
)

select * from final
