with

price_lists as (select * from {{ ref('price_lists') }}),

book_prices as (select * from {{ ref('int_price_book_prices') }}),

-- Only Kaapi keeps a price list of its own; the other systems report what a request cost.
own_prices as (
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
    select
        cast(null as {{ dbt.type_string() }}) as source_system,
        cast(null as {{ dbt.type_string() }}) as provider,
        cast(null as {{ dbt.type_string() }}) as model,
        cast(null as {{ instant_type() }}) as valid_from_at,
        cast(null as {{ instant_type() }}) as valid_to_at,
        cast(null as numeric(22, 22)) as input_price_usd_per_token,
        cast(null as numeric(22, 22)) as output_price_usd_per_token
    where 1 = 0
    {% endif %}
),

-- A price of the source system's own is for requests of any size, at any time of day.
final as (
    select
        cast('model_config' as {{ dbt.type_string() }}) as price_list,
        cast('model_config' as {{ dbt.type_string() }}) as price_source,
        cast(null as {{ dbt.type_string() }}) as price_list_version,
        source_system,
        provider,
        model,
        cast('standard' as {{ dbt.type_string() }}) as processing,

        cast(0 as bigint) as from_input_tokens,
        cast(null as bigint) as to_input_tokens,
        cast(0 as integer) as from_second_of_day,
        cast(86400 as integer) as to_second_of_day,
        input_price_usd_per_token,
        cast(null as numeric(22, 22)) as cached_input_price_usd_per_token,
        cast(null as numeric(22, 22)) as cache_write_price_usd_per_token,
        cast(null as numeric(22, 22)) as cache_write_1h_price_usd_per_token,
        cast(null as numeric(22, 22)) as audio_input_price_usd_per_token,
        cast(null as numeric(22, 22)) as cached_audio_input_price_usd_per_token,
        output_price_usd_per_token,
        cast(null as numeric(22, 22)) as audio_output_price_usd_per_token,
        cast(null as numeric(22, 22)) as reasoning_price_usd_per_token,
        cast(null as numeric(38, 22)) as request_price_usd,

        valid_from_at,
        valid_to_at
    from own_prices

    union all

    select
        price_lists.price_list,
        book_prices.price_source,
        price_lists.version as price_list_version,
        cast(null as {{ dbt.type_string() }}) as source_system,
        book_prices.provider,
        book_prices.model,
        book_prices.processing,

        book_prices.from_input_tokens,
        book_prices.to_input_tokens,
        book_prices.from_second_of_day,
        book_prices.to_second_of_day,
        {{ usd_per_token('book_prices.input_usd_per_mtok') }} as input_price_usd_per_token,
        {{ usd_per_token('book_prices.cached_input_usd_per_mtok') }}
            as cached_input_price_usd_per_token,
        {{ usd_per_token('book_prices.cache_write_usd_per_mtok') }}
            as cache_write_price_usd_per_token,
        {{ usd_per_token('book_prices.cache_write_1h_usd_per_mtok') }}
            as cache_write_1h_price_usd_per_token,
        {{ usd_per_token('book_prices.audio_input_usd_per_mtok') }}
            as audio_input_price_usd_per_token,
        {{ usd_per_token('book_prices.cached_audio_input_usd_per_mtok') }}
            as cached_audio_input_price_usd_per_token,
        {{ usd_per_token('book_prices.output_usd_per_mtok') }} as output_price_usd_per_token,
        {{ usd_per_token('book_prices.audio_output_usd_per_mtok') }}
            as audio_output_price_usd_per_token,
        {{ usd_per_token('book_prices.reasoning_usd_per_mtok') }}
            as reasoning_price_usd_per_token,
        cast(book_prices.request_usd as numeric(38, 22)) as request_price_usd,

        book_prices.valid_from_at,
        book_prices.valid_to_at
    from book_prices
    cross join price_lists
)

select * from final
