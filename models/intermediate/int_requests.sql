with

requests as (select * from {{ ref('int_requests_reported') }}),

matches as (select * from {{ ref('int_model_price_matches') }}),

prices as (select * from {{ ref('int_model_prices') }}),

list_prices as (
    select * from {{ ref('int_model_prices') }}
    where processing = 'standard'
),

final as (
    select
        requests.request_id,
        requests.request_kind,
        requests.source_system,

        requests.organization_id,
        requests.project_id,
        requests.user_id,
        requests.api_key_id,
        requests.session_id,
        requests.chain_id,
        requests.first_call_id,

        requests.modality,
        requests.provider,
        requests.model,
        requests.endpoint,
        requests.http_method,
        requests.status,
        requests.processing,
        requests.usage_source,
        decided.cost_source,
        case when costs.full_cost_usd is not null then prices.price_source end as price_source,
        case when costs.full_cost_usd is not null then prices.provider end as price_provider,
        case when costs.full_cost_usd is not null then prices.model end as price_model,
        case when costs.full_cost_usd is not null then prices.processing end as price_processing,
        case
            when decided.cost_source = 'reported' then requests.reported_cost_precision
            when decided.cost_source in ('unpriced', 'not_applicable') then null
            when requests.is_cache_hit then 'exact'
            when
                requests.cached_input_tokens is null
                and requests.input_tokens > 0
                and (
                    prices.cached_input_price_usd_per_token is not null
                    or prices.price_source = 'model_config'
                )
                then 'no_cache_split'
            when
                (
                    parts.cached_input > 0
                    and prices.cached_input_price_usd_per_token is null
                )
                or (parts.cache_write > 0 and prices.cache_write_price_usd_per_token is null)
                or (
                    parts.cache_write_1h > 0
                    and prices.cache_write_1h_price_usd_per_token is null
                )
                or (
                    parts.cached_audio_input > 0
                    and prices.cached_audio_input_price_usd_per_token is null
                )
                then 'no_cache_price'
            else 'exact'
        end as cost_precision,
        requests.credit_tier,

        requests.is_successful,
        requests.is_failed,
        requests.is_cache_hit,
        decided.cost_source <> 'unpriced' as is_priced,
        requests.has_model,

        requests.input_tokens,
        {{ priced_tokens(
            'requests', 'cached_input_tokens', 'parts.cached_input + parts.cached_audio_input'
        ) }},
        {{ priced_tokens('requests', 'cache_write_tokens', 'parts.cache_write') }},
        {{ priced_tokens('requests', 'cache_write_1h_tokens', 'parts.cache_write_1h') }},
        {{ priced_tokens(
            'requests', 'audio_input_tokens', 'parts.audio_input + parts.cached_audio_input'
        ) }},
        {{ priced_tokens('requests', 'cached_audio_input_tokens', 'parts.cached_audio_input') }},
        requests.output_tokens,
        {{ priced_tokens('requests', 'audio_output_tokens', 'parts.audio_output') }},
        {{ priced_tokens('requests', 'reasoning_tokens', 'parts.reasoning') }},
        requests.total_tokens,
        parts.clamped_tokens,
        requests.reported_cost_usd,
        decided.computed_cost_usd,
        decided.cost_usd,
        cast(costs.list_cost_usd as numeric(38, 22)) as list_cost_usd,
        cast(
            case
                when decided.cost_source <> 'unpriced'
                    then costs.list_cost_usd - decided.cost_usd
            end as numeric(38, 22)
        ) as savings_usd,
        -- A hit of the gateway's own cache cost nothing; what it would have cost is kept apart.
        cast(
            case
                when requests.is_cache_hit then costs.full_cost_usd
                when costs.full_cost_usd is not null then 0
            end as numeric(38, 22)
        ) as avoided_cost_usd,
        requests.credits,
        requests.latency_ms,
        requests.first_token_latency_ms,
        requests.http_status_code,

        requests.requested_at,
        requests.source_updated_at
    from requests
    left join matches
        on
            requests.source_system = matches.source_system
            and requests.provider = matches.provider
            and requests.raw_model = matches.raw_model
            and coalesce(requests.processing, 'standard') = matches.processing
            and {{ priced_at('requests') }} >= matches.matched_from_at
            and (
                matches.matched_to_at is null
                or {{ priced_at('requests') }} < matches.matched_to_at
            )
    cross join {{ token_parts('requests') }} as parts
    left join prices
        on
            matches.price_list = prices.price_list
            and matches.price_provider = prices.provider
            and matches.price_model = prices.model
            and matches.price_processing = prices.processing
            and {{ price_holds('requests', 'prices') }}
    left join list_prices
        on
            matches.price_list = list_prices.price_list
            and matches.price_provider = list_prices.provider
            and matches.price_model = list_prices.model
            and {{ price_holds('requests', 'list_prices') }}
    cross join {{ request_costs('requests', 'parts', 'prices', 'list_prices') }} as costs
    cross join {{ decided_cost('requests', 'prices', 'costs') }} as decided
)

select * from final
