with

llm_calls as (select * from {{ ref('stg_kaapi__llm_calls') }}),

model_prices as (select * from {{ ref('int_kaapi__model_prices') }}),

classified as (
    select
        source_system,
        llm_call_id,
        organization_id,
        project_id,
        chain_id,
        session_id,
        {{ kaapi_call_modality('input_type', 'output_type') }} as modality,
        {{ canonical_provider('raw_provider') }} as provider,
        raw_model,
        is_deleted,
        input_tokens,
        output_tokens,
        requested_at,
        -- A call without a readable time has the price that holds at last.
        coalesce(requested_at, cast('9999-12-31 23:59:59.999999' as timestamp)) as priced_at,
        source_updated_at
    from llm_calls
),

-- No price, no cost: the join leaves NULL, which means unpriced.
-- Each product is cast to 37 digits because engines that stop at 38 would else round the sum.
final as (
    select
        classified.source_system,
        classified.llm_call_id,

        classified.organization_id,
        classified.project_id,
        classified.chain_id,
        classified.session_id,

        classified.modality,
        classified.provider,
        {{ text_or_unknown('classified.raw_model') }} as model,
        classified.raw_model,

        classified.is_deleted,
        coalesce(classified.raw_model, '') <> '' as has_model,

        classified.input_tokens,
        classified.output_tokens,
        cast(
            cast(
                cast(classified.input_tokens as numeric(15, 0))
                * model_prices.input_price_usd_per_token as numeric(37, 22)
            )
            + cast(
                cast(classified.output_tokens as numeric(15, 0))
                * model_prices.output_price_usd_per_token as numeric(37, 22)
            ) as numeric(38, 22)
        ) as computed_cost_usd,

        classified.requested_at,
        classified.source_updated_at
    from classified
    left join model_prices
        on
            classified.provider = model_prices.provider
            and classified.raw_model = model_prices.raw_model
            and classified.priced_at >= model_prices.valid_from_at
            and (
                model_prices.valid_to_at is null
                or classified.priced_at < model_prices.valid_to_at
            )
)

select * from final
