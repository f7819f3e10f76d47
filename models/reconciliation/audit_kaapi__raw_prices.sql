with

listed as (select * from {{ ref('audit_kaapi__raw_list') }}),

corrections as (select * from {{ ref('audit_kaapi__raw_corrections') }}),

-- By other means than the models (see _audit__models.yml): each moment is looked up anew.
moments as (
    select
        provider,
        raw_model,
        valid_from_at as moment
    from listed
    union
    select
        provider,
        raw_model,
        valid_to_at as moment
    from listed
    where valid_to_at is not null
    union
    select
        provider,
        raw_model,
        valid_from_at as moment
    from corrections
    union
    select
        provider,
        raw_model,
        valid_to_at as moment
    from corrections
    union
    select
        provider,
        raw_model,
        {{ instant_at('0001-01-01 00:00:00') }} as moment
    from listed
),

candidates as (
    select
        moments.provider,
        moments.raw_model,
        moments.moment,
        listed.model_config_id,
        listed.raw_provider,
        listed.valid_from_at,
        listed.input_price_usd_per_token,
        listed.output_price_usd_per_token
    from moments
    inner join listed
        on
            moments.provider = listed.provider
            and moments.raw_model = listed.raw_model
            and moments.moment >= listed.valid_from_at
            and coalesce(moments.moment < listed.valid_to_at, true)
),

-- `openai` sorts before `openai-native`, and counts.
speaking as (
    select
        candidates.provider,
        candidates.raw_model,
        candidates.moment,
        candidates.input_price_usd_per_token,
        candidates.output_price_usd_per_token
    from candidates
    where
        candidates.input_price_usd_per_token is not null
        and candidates.output_price_usd_per_token is not null
        and not exists (
            select 1
            from candidates as better
            where
                candidates.provider = better.provider
                and candidates.raw_model = better.raw_model
                and candidates.moment = better.moment
                and (
                    better.raw_provider < candidates.raw_provider
                    or (
                        better.raw_provider = candidates.raw_provider
                        and better.valid_from_at > candidates.valid_from_at
                    )
                    or (
                        better.raw_provider = candidates.raw_provider
                        and better.valid_from_at = candidates.valid_from_at
                        and better.model_config_id < candidates.model_config_id
                    )
                )
        )
),

first_prices as (
    select
        provider,
        raw_model,
        min(moment) as moment
    from speaking
    group by 1, 2
),

-- Before the first price the first price holds.
final as (
    select
        moments.raw_model,
        moments.provider,
        coalesce(corrections.input_price_usd_per_token, speaking.input_price_usd_per_token)
            as input_price_usd_per_token,
        coalesce(corrections.output_price_usd_per_token, speaking.output_price_usd_per_token)
            as output_price_usd_per_token,
        moments.moment as valid_from_at,
        (
            select min(next_moments.moment)
            from moments as next_moments
            where
                moments.provider = next_moments.provider
                and moments.raw_model = next_moments.raw_model
                and moments.moment < next_moments.moment
        ) as valid_to_at
    from moments
    left join first_prices
        on
            moments.provider = first_prices.provider
            and moments.raw_model = first_prices.raw_model
    left join speaking
        on
            moments.provider = speaking.provider
            and moments.raw_model = speaking.raw_model
            and greatest(moments.moment, first_prices.moment) = speaking.moment
    left join corrections
        on
            moments.provider = corrections.provider
            and moments.raw_model = corrections.raw_model
            and moments.moment >= corrections.valid_from_at
            and moments.moment < corrections.valid_to_at
            and not exists (
                select 1
                from corrections as later
                where
                    moments.provider = later.provider
                    and moments.raw_model = later.raw_model
                    and moments.moment >= later.valid_from_at
                    and moments.moment < later.valid_to_at
                    and corrections.corrected_at < later.corrected_at
            )
    where corrections.correction_id is not null or speaking.moment is not null
)

select * from final
