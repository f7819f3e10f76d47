with

requests as (
    select *
    from {{ ref('fct_requests') }}
    where not is_priced
),

names as (
    select distinct
        source_system,
        provider,
        raw_model,
        searched_provider
    from {{ ref('int_price_names') }}
),

found as (
    select distinct
        source_system,
        provider,
        raw_model
    from {{ ref('int_price_name_findings') }}
),

matches as (
    select distinct
        source_system,
        provider,
        raw_model
    from {{ ref('int_model_price_matches') }}
    where price_list = 'price_book'
),

-- A price list knows a provider when it names models of it.
known_providers as (
    select provider from {{ ref('price_book_names') }}
    union
    select provider from {{ ref('providers') }}
),

explained as (
    select
        requests.source_system,
        requests.organization_id,
        requests.project_id,
        requests.provider,
        requests.model,
        case
            when not requests.has_model then 'no_model'
            when requests.input_tokens is null and requests.output_tokens is null then 'no_tokens'
            when requests.computed_cost_usd is not null then 'price_book_off'
            when found.raw_model is not null then 'no_price'
            when known_providers.provider is not null then 'unknown_model'
            else 'unknown_provider'
        end as unpriced_reason,
        matches.raw_model is not null as is_in_price_book,
        requests.total_tokens,
        requests.computed_cost_usd,
        requests.requested_at
    from requests
    left join names
        on
            requests.source_system = names.source_system
            and requests.provider = names.provider
            and requests.model = names.raw_model
            and requests.has_model
    left join found
        on
            names.source_system = found.source_system
            and names.provider = found.provider
            and names.raw_model = found.raw_model
    left join matches
        on
            names.source_system = matches.source_system
            and names.provider = matches.provider
            and names.raw_model = matches.raw_model
    left join known_providers
        on names.searched_provider = known_providers.provider
),

final as (
    select
        source_system,
        organization_id,
        project_id,

        provider,
        model,
        unpriced_reason,

        is_in_price_book,

        count(*) as unpriced_model_requests,
        cast(coalesce(sum(total_tokens), 0) as bigint) as unpriced_model_tokens,
        cast(coalesce(sum(computed_cost_usd), 0) as numeric(38, 22))
            as unpriced_model_computed_cost_usd,

        min(requested_at) as first_seen_at,
        max(requested_at) as last_seen_at
    from explained
    group by 1, 2, 3, 4, 5, 6, 7
)

select * from final
