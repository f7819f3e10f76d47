with

model_prices as (select * from {{ ref('int_model_prices') }}),

final as (
    select
        price_list,
        price_source,
        price_list_version,
        source_system,

        provider,
        model,
        processing,

        valid_to_at is null as is_current,

        from_input_tokens,
        to_input_tokens,
        from_second_of_day,
        to_second_of_day,
        input_price_usd_per_token,
        cached_input_price_usd_per_token,
        cache_write_price_usd_per_token,
        cache_write_1h_price_usd_per_token,
        audio_input_price_usd_per_token,
        cached_audio_input_price_usd_per_token,
        output_price_usd_per_token,
        audio_output_price_usd_per_token,
        reasoning_price_usd_per_token,
        request_price_usd,

        valid_from_at,
        valid_to_at
    from model_prices
)

select * from final
