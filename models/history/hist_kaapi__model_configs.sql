-- depends_on: {{ published('publication') }}

with

model_configs as (select * from {{ ref('stg_kaapi__model_configs') }}),

observations as (
    {% if is_incremental() %}
    select * from {{ this }}
    {% else %}
    select
        source_system,
        model_config_id,
        raw_provider,
        raw_model,
        is_active,
        input_price_usd_per_token,
        output_price_usd_per_token,
        source_updated_at as valid_from_at,
        source_updated_at as observed_at
    from model_configs
    where 1 = 0
    {% endif %}
),

reading as (
    select
        {{ instant_of_reading() }} as read_at,
        {{ published_until() }} as published_until_at,
        {{ instant_after('max(greatest(valid_from_at, observed_at))') }} as unseen_since_at,
        count(*) = 0 as is_first
    from observations
),

observations_from_end as (
    select
        source_system,
        model_config_id,
        raw_provider,
        raw_model,
        is_active,
        input_price_usd_per_token,
        output_price_usd_per_token,
        row_number() over (
            partition by model_config_id order by observed_at desc nulls last
        ) as position_from_end
    from observations
),

last_observed as (
    select
        source_system,
        model_config_id,
        raw_provider,
        raw_model,
        is_active,
        input_price_usd_per_token,
        output_price_usd_per_token
    from observations_from_end
    where position_from_end = 1
),

-- A row that is gone says nothing any more: it is as good as inactive and without prices.
compared as (
    select
        coalesce(model_configs.source_system, last_observed.source_system) as source_system,
        coalesce(model_configs.model_config_id, last_observed.model_config_id)
            as model_config_id,
        case
            when model_configs.model_config_id is null then last_observed.raw_provider
            else model_configs.raw_provider
        end as raw_provider,
        case
            when model_configs.model_config_id is null then last_observed.raw_model
            else model_configs.raw_model
        end as raw_model,
        coalesce(model_configs.is_active, false) as is_active,
        model_configs.input_price_usd_per_token,
        model_configs.output_price_usd_per_token,
        model_configs.source_updated_at,
        last_observed.model_config_id is null as is_new,
        last_observed.raw_provider as last_raw_provider,
        last_observed.raw_model as last_raw_model,
        last_observed.is_active as was_active,
        last_observed.input_price_usd_per_token as last_input_price_usd_per_token,
        last_observed.output_price_usd_per_token as last_output_price_usd_per_token
    from model_configs
    full outer join last_observed
        on model_configs.model_config_id = last_observed.model_config_id
),

-- A change holds since when the source says, but neither in published time, which stands, nor
-- before the list was last seen without it. Of the time before the first reading nothing is known.
final as (
    select
        compared.source_system,
        compared.model_config_id,

        compared.raw_provider,
        compared.raw_model,

        compared.is_active,

        compared.input_price_usd_per_token,
        compared.output_price_usd_per_token,

        case
            when reading.is_first then {{ instant_at('0001-01-01 00:00:00') }}
            else
                greatest(
                    least(compared.source_updated_at, reading.read_at),
                    reading.published_until_at,
                    reading.unseen_since_at
                )
        end as valid_from_at,
        reading.read_at as observed_at,
        cast('{{ invocation_id }}' as {{ dbt.type_string() }}) as build_id
    from compared
    cross join reading
    where
        -- A build without rows has not read the list.
        {{ '1 = 0' if flags.EMPTY else '1 = 1' }}
        and (
            compared.is_new
            or compared.raw_provider is distinct from compared.last_raw_provider
            or compared.raw_model is distinct from compared.last_raw_model
            or compared.is_active <> compared.was_active
            or compared.input_price_usd_per_token
            is distinct from compared.last_input_price_usd_per_token
            or compared.output_price_usd_per_token
            is distinct from compared.last_output_price_usd_per_token
        )
)

select * from final
