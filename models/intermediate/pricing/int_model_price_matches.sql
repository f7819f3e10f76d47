with

candidates as (select * from {{ ref('int_price_name_candidates') }}),

prices as (
    select distinct
        price_list,
        source_system,
        provider,
        model,
        processing
    from {{ ref('int_model_prices') }}
),

found as (select * from {{ ref('int_price_name_findings') }}),

-- The source system's own price goes before any list's; its names are compared letter by letter.
own_matches as (
    select
        candidates.source_system,
        candidates.provider,
        candidates.raw_model,
        candidates.processing,
        prices.price_list,
        prices.provider as price_provider,
        prices.model as price_model
    from candidates
    inner join prices
        on
            candidates.source_system = prices.source_system
            and candidates.provider = prices.provider
            and candidates.raw_model = prices.model
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
    inner join prices as standard
        on
            standard.price_list = 'price_book'
            and found.price_provider = standard.provider
            and found.price_model = standard.model
            and standard.processing = 'standard'
    left join prices as served
        on
            served.price_list = 'price_book'
            and found.price_provider = served.provider
            and found.price_model = served.model
            and found.processing = served.processing
            and not found.is_fallback
),

final as (
    select
        source_system,
        provider,
        raw_model,
        processing,

        price_list,
        price_provider,
        price_model,
        'standard' as price_processing,
        'model_config' as matched_by,
        cast(null as {{ dbt.type_string() }}) as alias_text
    from own_matches

    union all

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
        book_matches.alias_text
    from book_matches
    left join own_matches
        on
            book_matches.source_system = own_matches.source_system
            and book_matches.provider = own_matches.provider
            and book_matches.raw_model = own_matches.raw_model
            and book_matches.processing = own_matches.processing
    where own_matches.source_system is null
)

select * from final
