with

requests as (select * from {{ ref('fct_requests') }}),

evaluation_runs as (select * from {{ ref('fct_evaluation_runs') }}),

-- What only requests have is null on evaluation runs. A request without a readable time belongs to
-- no month.
events as (
    select
        cast(date_trunc('month', requested_at) as date) as month,
        source_system,
        organization_id,
        project_id,
        modality,
        provider,
        model,
        request_kind,
        is_successful,
        is_failed,
        is_cache_hit,
        is_priced,
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
        reported_cost_usd,
        computed_cost_usd,
        cost_usd,
        list_cost_usd,
        savings_usd,
        avoided_cost_usd,
        credits,
        latency_ms,
        first_token_latency_ms,
        1 as requests,
        0 as eval_runs,
        cast(null as numeric(38, 22)) as eval_cost_usd
    from requests
    where requested_at is not null
    union all
    select
        cast(date_trunc('month', evaluated_at) as date) as month,
        source_system,
        organization_id,
        project_id,
        modality,
        provider,
        model,
        null as request_kind,
        null as is_successful,
        null as is_failed,
        null as is_cache_hit,
        null as is_priced,
        null as input_tokens,
        null as cached_input_tokens,
        null as cache_write_tokens,
        null as cache_write_1h_tokens,
        null as audio_input_tokens,
        null as cached_audio_input_tokens,
        null as output_tokens,
        null as audio_output_tokens,
        null as reasoning_tokens,
        null as total_tokens,
        null as reported_cost_usd,
        null as computed_cost_usd,
        null as cost_usd,
        null as list_cost_usd,
        null as savings_usd,
        null as avoided_cost_usd,
        null as credits,
        null as latency_ms,
        null as first_token_latency_ms,
        0 as requests,
        1 as eval_runs,
        eval_cost_usd
    from evaluation_runs
),

-- A bucket exists when either kind has rows; the other then counts 0, and so does an amount that no
-- row of the bucket has.
final as (
    select
        month,
        source_system,
        organization_id,
        project_id,

        modality,
        provider,
        model,

        cast(sum(requests) as bigint) as requests,
        {{ request_sums() }},
        cast(sum(eval_runs) as bigint) as eval_runs,
        cast(coalesce(sum(eval_cost_usd), 0) as numeric(38, 22)) as eval_cost_usd
    from events
    group by 1, 2, 3, 4, 5, 6, 7
)

select * from final
