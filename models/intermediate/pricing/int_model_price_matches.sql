with

candidates as (select * from {{ ref('int_price_name_candidates') }}),

own_prices as (
    select
        price_list,
        source_system,
        provider,
        model,
        valid_from_at,
        valid_to_at
    from {{ ref('int_model_prices') }}
    where price_list = 'model_config'
),

own_periods_left as (select * from {{ ref('int_own_price_periods_left') }}),

own_names as (
    select distinct
        source_system,
        provider,
        model
    from own_prices
),

book_prices as (
    select distinct
        price_list,
        provider,
        model,
        processing
    from {{ ref('int_model_prices') }}
    where price_list = 'price_book'
),

found as (select * from {{ ref('int_price_name_findings') }}),

-- The source system's own price goes before any list's; its names are compared letter by letter.
own_matches as (
    select
        candidates.source_system,
        candidates.provider,
        candidates.raw_model,
        candidates.processing,
        own_prices.price_list,
        own_prices.provider as price_provider,
        own_prices.model as price_model,
        'standard' as price_processing,
        'model_config' as matched_by,
        cast(null as {{ dbt.type_string() }}) as alias_text,
        own_prices.valid_from_at as matched_from_at,
        own_prices.valid_to_at as matched_to_at
    from candidates
    inner join own_prices
        on
            candidates.source_system = own_prices.source_system
            and candidates.provider = own_prices.provider
            and candidates.raw_model = own_prices.model
    where candidates.first_position = 0
),

-- A model that is found but has no price stays without: no other rule may give it one.
book_matches as (
    select
        found.source_system,
        found.provider,
        found.raw_model,
        found.processing,
        standard.price_list,
        found.price_provider,
        found.price_model,
        coalesce(served.processing, standard.processing) as price_processing,
        case
            when found.is_override then 'override'
            when found.alias_text is not null then 'alias'
            else 'name'
        end as matched_by,
        found.alias_text
    from found
    inner join book_prices as standard
        on
            found.price_provider = standard.provider
            and found.price_model = standard.model
            and standard.processing = 'standard'
    left join book_prices as served
        on
            found.price_provider = served.provider
            and found.price_model = served.model
            and found.processing = served.processing
            and not found.is_fallback
),

-- While the source system's own list has no price for a name, the book's is the one.
book_periods as (
    select
        book_matches.source_system,
        book_matches.provider,
        book_matches.raw_model,
        book_matches.processing,
        book_matches.price_list,
        book_matches.price_provider,
        book_matches.price_model,
        book_matches.price_processing,
        book_matches.matched_by,
        book_matches.alias_text,
        coalesce(periods.left_from_at, {{ instant_at('0001-01-01 00:00:00') }})
            as matched_from_at,
        periods.left_to_at as matched_to_at
    from book_matches
    left join own_names
        on
            book_matches.source_system = own_names.source_system
            and book_matches.provider = own_names.provider
            and book_matches.raw_model = own_names.model
    left join own_periods_left as periods
        on
            own_names.source_system = periods.source_system
            and own_names.provider = periods.provider
            and own_names.model = periods.model
    where own_names.source_system is null or periods.source_system is not null
),

final as (
    select * from own_matches
    union all
    select * from book_periods
)

select * from final
