with

listed as (select * from {{ ref('int_kaapi__listed_prices') }}),

recorded as (select * from {{ ref('hist_kaapi__price_corrections') }}),

withdrawn as (
    select withdrawn_correction_id
    from recorded
    where withdrawn_correction_id is not null
),

corrections as (
    select
        recorded.correction_id,
        recorded.provider,
        recorded.raw_model,
        recorded.input_price_usd_per_token,
        recorded.output_price_usd_per_token,
        recorded.valid_from_at,
        recorded.valid_to_at,
        recorded.corrected_at
    from recorded
    left join withdrawn
        on recorded.correction_id = withdrawn.withdrawn_correction_id
    where
        recorded.withdrawn_correction_id is null
        and withdrawn.withdrawn_correction_id is null
),

prices as (
    select
        cast(null as {{ dbt.type_string() }}) as correction_id,
        provider,
        raw_model,
        input_price_usd_per_token,
        output_price_usd_per_token,
        valid_from_at,
        valid_to_at,
        cast(null as {{ instant_type() }}) as corrected_at
    from listed

    union all

    select
        correction_id,
        provider,
        raw_model,
        input_price_usd_per_token,
        output_price_usd_per_token,
        valid_from_at,
        valid_to_at,
        corrected_at
    from corrections
),

-- A correction goes before the list, and a later one before an earlier one.
ranked as (
    select
        stretches.provider,
        stretches.raw_model,
        stretches.from_at,
        stretches.to_at,
        prices.input_price_usd_per_token,
        prices.output_price_usd_per_token,
        row_number() over (
            partition by stretches.provider, stretches.raw_model, stretches.from_at
            order by
                prices.corrected_at desc nulls last,
                prices.correction_id desc nulls last
        ) as preference
    from {{ stretches('prices', ['provider', 'raw_model']) }} as stretches
    inner join prices
        on
            stretches.provider = prices.provider
            and stretches.raw_model = prices.raw_model
            and stretches.from_at >= prices.valid_from_at
            and (prices.valid_to_at is null or stretches.from_at < prices.valid_to_at)
),

compared as (
    select
        provider,
        raw_model,
        input_price_usd_per_token,
        output_price_usd_per_token,
        from_at,
        to_at,
        coalesce(
            from_at = lag(to_at) over by_time
            and input_price_usd_per_token = lag(input_price_usd_per_token) over by_time
            and output_price_usd_per_token = lag(output_price_usd_per_token) over by_time,
            false
        ) as continues
    from ranked
    where preference = 1
    window by_time as (partition by provider, raw_model order by from_at nulls last)
),

-- A period ends where the price does, not wherever a row of the list was touched.
numbered as (
    select
        provider,
        raw_model,
        input_price_usd_per_token,
        output_price_usd_per_token,
        from_at,
        to_at,
        sum(case when continues then 0 else 1 end) over (
            partition by provider, raw_model order by from_at nulls last
        ) as period_number
    from compared
),

final as (
    select
        cast('kaapi' as {{ dbt.type_string() }}) as source_system,
        provider,
        raw_model,
        input_price_usd_per_token,
        output_price_usd_per_token,
        min(from_at) as valid_from_at,
        case when count(*) = count(to_at) then max(to_at) end as valid_to_at
    from numbered
    group by
        provider, raw_model, period_number, input_price_usd_per_token, output_price_usd_per_token
)

select * from final
