with

model_configs as (select * from {{ ref('stg_kaapi__model_configs') }}),

priced_providers as (
    select provider
    from {{ ref('providers') }}
    where is_priced
),

active as (
    select
        source_system,
        model_config_id,
        raw_provider,
        raw_model,
        input_price_usd_per_token,
        output_price_usd_per_token,
        {{ canonical_provider('raw_provider') }} as provider
    from model_configs
    where is_active
),

-- `openai` and `openai-native` are one provider: the row spelt as the canonical name speaks for it.
ranked as (
    select
        active.source_system,
        active.provider,
        active.raw_model,
        active.input_price_usd_per_token,
        active.output_price_usd_per_token,
        row_number() over (
            partition by active.provider, active.raw_model
            order by
                case when active.raw_provider = active.provider then 0 else 1 end,
                active.model_config_id
        ) as preference
    from active
    inner join priced_providers
        on active.provider = priced_providers.provider
),

-- The source keeps no history: its present price is taken to have been valid always.
final as (
    select
        source_system,
        provider,
        raw_model,
        input_price_usd_per_token,
        output_price_usd_per_token,
        cast('0001-01-01 00:00:00' as timestamp) as valid_from_at,
        cast(null as timestamp) as valid_to_at
    from ranked
    where
        preference = 1
        and raw_model is not null
        and input_price_usd_per_token is not null
        and output_price_usd_per_token is not null
)

select * from final
