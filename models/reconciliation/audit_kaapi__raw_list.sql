with

model_configs as (select * from {{ read_source('kaapi', 'model_config') }}),

observations as (select * from {{ ref('hist_kaapi__model_configs') }}),

newest as (
    select
        model_config_id,
        max(valid_from_at) as valid_from_at
    from observations
    group by 1
),

-- What the list holds now is read from it, what it held before from what was seen of it: a change
-- that was not written down is found. By other means than the models: see _audit__models.yml.
states as (
    select
        cast(model_configs.id as {{ dbt.type_string() }}) as model_config_id,
        {{ audited_text('model_configs.provider') }} as raw_provider,
        {{ audited_text('model_configs.model_name') }} as raw_model,
        model_configs.is_active,
        {{ audited_token_price('model_configs.pricing', 'response', 'input_token_cost') }}
            as input_price_usd_per_token,
        {{ audited_token_price('model_configs.pricing', 'response', 'output_token_cost') }}
            as output_price_usd_per_token,
        coalesce(newest.valid_from_at, {{ instant_at('0001-01-01 00:00:00') }})
            as valid_from_at
    from model_configs
    left join newest
        on cast(model_configs.id as {{ dbt.type_string() }}) = newest.model_config_id

    union all

    select
        observations.model_config_id,
        observations.raw_provider,
        observations.raw_model,
        observations.is_active,
        observations.input_price_usd_per_token,
        observations.output_price_usd_per_token,
        observations.valid_from_at
    from observations
    inner join newest
        on
            observations.model_config_id = newest.model_config_id
            and observations.valid_from_at < newest.valid_from_at
    where
        not exists (
            select 1
            from observations as later
            where
                observations.model_config_id = later.model_config_id
                and observations.valid_from_at = later.valid_from_at
                and observations.observed_at < later.observed_at
        )
),

-- A state ends where the next one of its row begins, the row's end included.
final as (
    select
        states.model_config_id,
        states.raw_provider,
        states.raw_model,
        {{ audited_provider('states.raw_provider') }} as provider,
        states.input_price_usd_per_token,
        states.output_price_usd_per_token,
        states.valid_from_at,
        (
            select min(next_observed.valid_from_at)
            from observations as next_observed
            where
                states.model_config_id = next_observed.model_config_id
                and states.valid_from_at < next_observed.valid_from_at
        ) as valid_to_at
    from states
    where
        states.is_active
        and {{ audited_provider('states.raw_provider') }}
        in ('openai', 'google', 'sarvamai', 'elevenlabs')
)

select * from final
