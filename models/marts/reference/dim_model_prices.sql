with

model_prices as (select * from {{ ref('int_kaapi__model_prices') }}),

final as (
    select
        source_system,

        provider,
        raw_model as model,

        valid_from_at,
        valid_to_at,

        input_price_usd_per_token,
        output_price_usd_per_token,

        valid_to_at is null as is_current
    from model_prices
)

select * from final
