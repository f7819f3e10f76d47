with

price_book as (select * from {{ ref('price_book') }}),

price_overrides as (select * from {{ ref('price_overrides') }}),

periods_left as (select * from {{ ref('int_price_periods_left') }}),

overridden as (
    select distinct
        provider,
        model,
        processing
    from price_overrides
),

-- A processing that only an override knows costs the standard price at other times, as the list has
-- it of one whose own price begins on some day.
processings as (
    select distinct
        provider,
        model,
        processing,
        processing as listed_processing
    from price_book

    union all

    select
        overridden.provider,
        overridden.model,
        overridden.processing,
        'standard' as listed_processing
    from overridden
    left join price_book
        on
            overridden.provider = price_book.provider
            and overridden.model = price_book.model
            and overridden.processing = price_book.processing
    where price_book.provider is null
),

prices as (
    select
        cast('price_book' as {{ dbt.type_string() }}) as price_source,
        processings.provider,
        processings.model,
        processings.processing,

        price_book.from_input_tokens,
        price_book.to_input_tokens,
        price_book.from_second_of_day,
        price_book.to_second_of_day,
        price_book.input_usd_per_mtok,
        price_book.cached_input_usd_per_mtok,
        price_book.cache_write_usd_per_mtok,
        price_book.cache_write_1h_usd_per_mtok,
        price_book.audio_input_usd_per_mtok,
        price_book.cached_audio_input_usd_per_mtok,
        price_book.output_usd_per_mtok,
        price_book.audio_output_usd_per_mtok,
        price_book.reasoning_usd_per_mtok,
        price_book.request_usd,

        {{ first_instant('price_book.valid_from') }} as valid_from_at,
        {{ utc_midnight('price_book.valid_to') }} as valid_to_at
    from price_book
    inner join processings
        on
            price_book.provider = processings.provider
            and price_book.model = processings.model
            and price_book.processing = processings.listed_processing

    union all

    select
        cast('price_override' as {{ dbt.type_string() }}) as price_source,
        provider,
        model,
        processing,

        from_input_tokens,
        to_input_tokens,
        from_second_of_day,
        to_second_of_day,
        input_usd_per_mtok,
        cached_input_usd_per_mtok,
        cache_write_usd_per_mtok,
        cache_write_1h_usd_per_mtok,
        audio_input_usd_per_mtok,
        cached_audio_input_usd_per_mtok,
        output_usd_per_mtok,
        audio_output_usd_per_mtok,
        reasoning_usd_per_mtok,
        request_usd,

        {{ first_instant('valid_from') }} as valid_from_at,
        {{ utc_midnight('valid_to') }} as valid_to_at
    from price_overrides
),

-- A null end is later than all others, and `least` passes over it.
final as (
    select
        prices.price_source,
        prices.provider,
        prices.model,
        prices.processing,

        prices.from_input_tokens,
        prices.to_input_tokens,
        prices.from_second_of_day,
        prices.to_second_of_day,
        prices.input_usd_per_mtok,
        prices.cached_input_usd_per_mtok,
        prices.cache_write_usd_per_mtok,
        prices.cache_write_1h_usd_per_mtok,
        prices.audio_input_usd_per_mtok,
        prices.cached_audio_input_usd_per_mtok,
        prices.output_usd_per_mtok,
        prices.audio_output_usd_per_mtok,
        prices.reasoning_usd_per_mtok,
        prices.request_usd,

        greatest(prices.valid_from_at, periods_left.left_from_at) as valid_from_at,
        least(prices.valid_to_at, periods_left.left_to_at) as valid_to_at
    from prices
    left join overridden
        on
            prices.provider = overridden.provider
            and prices.model = overridden.model
            and prices.processing = overridden.processing
            and prices.price_source = 'price_book'
    left join periods_left
        on
            overridden.provider = periods_left.provider
            and overridden.model = periods_left.model
            and overridden.processing = periods_left.processing
            and (
                prices.valid_to_at is null or prices.valid_to_at > periods_left.left_from_at
            )
            and (
                periods_left.left_to_at is null
                or prices.valid_from_at < periods_left.left_to_at
            )
    where overridden.provider is null or periods_left.provider is not null
)

select * from final
