with

price_overrides as (select * from {{ ref('price_overrides') }}),

override_periods as (
    select distinct
        provider,
        model,
        processing,
        {{ first_instant('valid_from') }} as valid_from_at,
        cast(valid_to as timestamp) as valid_to_at
    from price_overrides
),

neighbouring_periods as (
    select
        provider,
        model,
        processing,
        valid_from_at,
        valid_to_at,
        lag(valid_to_at) over (
            partition by provider, model, processing order by valid_from_at
        ) as previous_valid_to_at,
        row_number() over (
            partition by provider, model, processing order by valid_from_at desc nulls last
        ) as position_from_end
    from override_periods
),

-- Before each override, and after the last. Nothing lies between two that meet.
periods_left as (
    select
        provider,
        model,
        processing,
        coalesce(
            previous_valid_to_at, cast('0001-01-01 00:00:00' as timestamp)
        ) as left_from_at,
        valid_from_at as left_to_at
    from neighbouring_periods

    union all

    select
        provider,
        model,
        processing,
        valid_to_at as left_from_at,
        cast(null as timestamp) as left_to_at
    from neighbouring_periods
    where position_from_end = 1 and valid_to_at is not null
),

final as (
    select
        provider,
        model,
        processing,

        left_from_at,
        left_to_at
    from periods_left
    where left_to_at is null or left_from_at < left_to_at
)

select * from final
