with

price_overrides as (select * from {{ ref('price_overrides') }}),

override_periods as (
    select distinct
        provider,
        model,
        processing,
        {{ first_instant('valid_from') }} as valid_from_at,
        {{ utc_midnight('valid_to') }} as valid_to_at
    from price_overrides
),

final as (
    select
        provider,
        model,
        processing,

        left_from_at,
        left_to_at
    from {{ periods_left('override_periods', ['provider', 'model', 'processing']) }} as periods
)

select * from final
