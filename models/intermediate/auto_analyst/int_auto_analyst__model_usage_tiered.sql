-- depends_on: {{ extraction() }}

with

model_usage as (select * from {{ ref('stg_auto_analyst__model_usage') }}),

model_tiers as (select * from {{ ref('model_tiers') }}),

credit_tiers as (select * from {{ ref('credit_tiers') }}),

-- A model that no tier lists, letter for letter, is of the lowest tier.
final as (
    select
        model_usage.source_system,
        model_usage.request_id,

        model_usage.user_id,
        model_usage.session_id,

        model_usage.raw_provider,
        model_usage.raw_model,
        credit_tiers.credit_tier,

        model_usage.input_tokens,
        model_usage.output_tokens,
        model_usage.total_tokens,
        model_usage.reported_cost_usd,
        credit_tiers.credits_per_request as credits,
        model_usage.latency_ms,

        model_usage.requested_at
    from model_usage
    left join model_tiers on model_usage.raw_model = model_tiers.model
    left join credit_tiers
        on coalesce(model_tiers.credit_tier, 'tier1') = credit_tiers.credit_tier
)

select * from final
