{#
    A query: each request of a relation (columns: request_columns) with the price that holds for it, what
    it costs by that, and what decided its cost.
#}
{% macro priced_requests(requests) -%}
with

matches as (select * from {{ ref('int_model_price_matches') }}),

prices as (select * from {{ ref('int_model_prices') }}),

list_prices as (
    select * from {{ ref('int_model_prices') }}
    where processing = 'standard'
),

parted as (
    {{ token_parts(requests) }}
),

-- Nested queries, not lateral ones: only those Postgres lets several processes compute.
priced as (
    select
        parted.*,
        prices.price_source,
        prices.provider as price_provider,
        prices.model as price_model,
        prices.processing as price_processing,
        prices.cached_input_price_usd_per_token,
        prices.cache_write_price_usd_per_token,
        prices.cache_write_1h_price_usd_per_token,
        prices.cached_audio_input_price_usd_per_token,
        {{ request_costs('parted', 'prices', 'list_prices') }}
    from parted
    left join matches
        on
            parted.source_system = matches.source_system
            and parted.provider = matches.provider
            and parted.raw_model = matches.raw_model
            and coalesce(parted.processing, 'standard') = matches.processing
            and {{ priced_at('parted') }} >= matches.matched_from_at
            and (
                matches.matched_to_at is null
                or {{ priced_at('parted') }} < matches.matched_to_at
            )
    left join prices
        on
            matches.price_list = prices.price_list
            and matches.price_provider = prices.provider
            and matches.price_model = prices.model
            and matches.price_processing = prices.processing
            and {{ price_holds('parted', 'prices') }}
    left join list_prices
        on
            matches.price_list = list_prices.price_list
            and matches.price_provider = list_prices.provider
            and matches.price_model = list_prices.model
            and {{ price_holds('parted', 'list_prices') }}
    {{ optimization_fence() }}
),

decided as (
    select
        priced.*,
        case
            when priced.is_simple and priced.price_processing = 'standard' then priced.full_cost_usd
            when priced.full_cost_usd is not null then priced.uncached_cost_usd
        end as all_list_cost_usd,
        {{ decided_cost('priced') }}
    from priced
    {{ optimization_fence() }}
)

select
    request_id,
    request_kind,
    source_system,

    organization_id,
    project_id,
    user_id,
    api_key_id,
    session_id,
    chain_id,
    first_call_id,

    modality,
    provider,
    model,
    endpoint,
    http_method,
    status,
    processing,
    usage_source,
    cost_source,
    case when full_cost_usd is not null then price_source end as price_source,
    case when full_cost_usd is not null then price_provider end as price_provider,
    case when full_cost_usd is not null then price_model end as price_model,
    case when full_cost_usd is not null then price_processing end as price_processing,
    {{ cost_precision() }} as cost_precision,
    credit_tier,

    is_successful,
    is_failed,
    is_cache_hit,
    cost_source <> 'unpriced' as is_priced,
    has_model,

    input_tokens,
    {{ priced_tokens('cached_input_tokens', 'cached_input_part + cached_audio_input_part') }},
    {{ priced_tokens('cache_write_tokens', 'cache_write_part') }},
    {{ priced_tokens('cache_write_1h_tokens', 'cache_write_1h_part') }},
    {{ priced_tokens('audio_input_tokens', 'audio_input_part + cached_audio_input_part') }},
    {{ priced_tokens('cached_audio_input_tokens', 'cached_audio_input_part') }},
    output_tokens,
    {{ priced_tokens('audio_output_tokens', 'audio_output_part') }},
    {{ priced_tokens('reasoning_tokens', 'reasoning_part') }},
    total_tokens,
    clamped_tokens,
    reported_cost_usd,
    computed_cost_usd,
    cost_usd,
    cast(all_list_cost_usd as numeric(38, 22)) as list_cost_usd,
    cast(
        case
            when cost_source <> 'unpriced'
                then all_list_cost_usd - cost_usd
        end as numeric(38, 22)
    ) as savings_usd,
    -- A hit of the gateway's own cache cost nothing; what it would have cost is kept apart.
    cast(
        case
            when is_cache_hit then full_cost_usd
            when full_cost_usd is not null then 0
        end as numeric(38, 22)
    ) as avoided_cost_usd,
    credits,
    latency_ms,
    first_token_latency_ms,
    http_status_code,

    requested_at,
    source_updated_at
from decided
{%- endmacro %}
