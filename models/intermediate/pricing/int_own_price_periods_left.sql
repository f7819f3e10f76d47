with

own_prices as (
    select
        source_system,
        provider,
        model,
        valid_from_at,
        valid_to_at
    from {{ ref('int_model_prices') }}
    where price_list = 'model_config'
),

final as (
    select
        source_system,
        provider,
        model,

        left_from_at,
        left_to_at
    from {{ periods_left('own_prices', ['source_system', 'provider', 'model']) }} as periods
)

select * from final
