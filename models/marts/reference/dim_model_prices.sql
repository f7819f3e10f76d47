with

-- Only Kaapi keeps a price list; the other systems report what a request cost.
model_prices as (
    {% if 'kaapi' in enabled_source_systems() %}
    select
        source_system,
        provider,
        raw_model as model,
        valid_from_at,
        valid_to_at,
        input_price_usd_per_token,
        output_price_usd_per_token
    from {{ ref('int_kaapi__model_prices') }}
    {% else %}
    {{ select_no_rows() }}
    {% endif %}
),

final as (
    select
        source_system,

        provider,
        model,

        valid_from_at,
        valid_to_at,

        input_price_usd_per_token,
        output_price_usd_per_token,

        valid_to_at is null as is_current
    from model_prices
)

select * from final
