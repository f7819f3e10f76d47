with

model_configs as (select * from {{ source('kaapi', 'model_config') }}),

-- By other means than the models: see _audit__models.yml.
active as (
    select
        model_name as raw_model,
        provider as raw_provider,
        {{ audited_provider('provider') }} as provider,
        {{ audited_token_price('pricing', 'response', 'input_token_cost') }}
            as input_price_usd_per_token,
        {{ audited_token_price('pricing', 'response', 'output_token_cost') }}
            as output_price_usd_per_token
    from model_configs
    where is_active
),

-- `openai` sorts before `openai-native`, and is the one that counts.
first_spellings as (
    select
        raw_model,
        provider,
        min(raw_provider) as raw_provider
    from active
    where provider in ('openai', 'google', 'sarvamai', 'elevenlabs')
    group by 1, 2
),

final as (
    select
        active.raw_model,
        active.provider,
        active.input_price_usd_per_token,
        active.output_price_usd_per_token
    from active
    inner join first_spellings
        on
            active.raw_model = first_spellings.raw_model
            and active.raw_provider = first_spellings.raw_provider
    where
        active.input_price_usd_per_token is not null
        and active.output_price_usd_per_token is not null
)

select * from final
