with

observations as (select * from {{ ref('hist_kaapi__model_configs') }}),

priced_providers as (
    select provider
    from {{ ref('providers') }}
    where is_priced
),

-- Of two observations with one instant the later one holds: the other held for no time.
states as (
    select
        model_config_id,
        raw_provider,
        raw_model,
        is_active,
        input_price_usd_per_token,
        output_price_usd_per_token,
        {{ canonical_provider('raw_provider') }} as provider,
        valid_from_at,
        lead(valid_from_at) over (
            partition by model_config_id
            order by valid_from_at nulls last, observed_at nulls last
        ) as valid_to_at
    from observations
),

active as (
    select
        states.model_config_id,
        states.raw_provider,
        states.raw_model,
        states.input_price_usd_per_token,
        states.output_price_usd_per_token,
        states.provider,
        states.valid_from_at,
        states.valid_to_at
    from states
    inner join priced_providers
        on states.provider = priced_providers.provider
    where
        states.is_active
        and states.raw_model is not null
        and (states.valid_to_at is null or states.valid_from_at < states.valid_to_at)
),

-- `openai` and `openai-native` are one provider: the row spelt as the canonical name speaks for it.
-- Two rows of one spelling are one that was deleted and written anew: the newer one speaks.
ranked as (
    select
        stretches.provider,
        stretches.raw_model,
        stretches.from_at,
        stretches.to_at,
        active.input_price_usd_per_token,
        active.output_price_usd_per_token,
        row_number() over (
            partition by stretches.provider, stretches.raw_model, stretches.from_at
            order by
                case when active.raw_provider = active.provider then 0 else 1 end asc,
                active.valid_from_at desc nulls last,
                active.model_config_id asc
        ) as preference
    from {{ stretches('active', ['provider', 'raw_model']) }} as stretches
    inner join active
        on
            stretches.provider = active.provider
            and stretches.raw_model = active.raw_model
            and stretches.from_at >= active.valid_from_at
            and (active.valid_to_at is null or stretches.from_at < active.valid_to_at)
),

priced as (
    select
        provider,
        raw_model,
        input_price_usd_per_token,
        output_price_usd_per_token,
        from_at,
        to_at,
        row_number() over (
            partition by provider, raw_model order by from_at nulls last
        ) as position
    from ranked
    where
        preference = 1
        and input_price_usd_per_token is not null
        and output_price_usd_per_token is not null
),

-- The first price that is known is taken to have held for all time before it.
final as (
    select
        provider,
        raw_model,
        input_price_usd_per_token,
        output_price_usd_per_token,
        case when position = 1 then {{ instant_at('0001-01-01 00:00:00') }} else from_at end
            as valid_from_at,
        to_at as valid_to_at
    from priced
)

select * from final
