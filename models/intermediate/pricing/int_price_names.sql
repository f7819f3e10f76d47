-- depends_on: {{ published('fct_unpriced_models') }}

with

requests as (
    {{ names_to_price(ref('int_requests_reported')) }}
),

provider_aliases as (select * from {{ ref('price_provider_aliases') }}),

listed_providers as (select * from {{ ref('price_book_providers') }}),

-- Few among many rows: spelt out only once they are distinct.
distinct_names as (
    select distinct
        source_system,
        provider,
        raw_model,
        coalesce(processing, 'standard') as processing
    from requests
    where raw_model is not null
),

names as (
    select
        source_system,
        provider,
        raw_model,
        processing,
        {{ letters_lowered('raw_model') }} as model_name,
        trim({{ letters_lowered('provider') }}) as written_provider
    from distinct_names
),

-- An alias goes before what the list makes of a provider's name.
named as (
    select
        names.source_system,
        names.provider,
        names.raw_model,
        names.processing,
        names.model_name,
        coalesce(provider_aliases.provider, names.written_provider) as provider_name,
        provider_aliases.provider_name is not null as is_alias
    from names
    left join provider_aliases
        on names.written_provider = provider_aliases.provider_name
),

found_by_provider as (
    select
        named.source_system,
        named.provider,
        named.raw_model,
        named.processing,
        named.model_name,
        named.provider_name,
        listed_providers.provider as listed_provider,
        row_number() over (
            partition by
                named.source_system, named.provider, named.raw_model, named.processing
            order by
                listed_providers.position,
                {{ by_code_point('listed_providers.provider') }}
        ) as preference
    from named
    left join listed_providers
        on
            listed_providers.matched_name = 'provider'
            and not named.is_alias
            and {{ name_fits(
                'named.provider_name',
                'listed_providers.match_kind',
                'listed_providers.match_text',
            ) }}
),

-- Where the source names no provider, the list knows by the model whose it is.
found_by_model as (
    select
        found_by_provider.source_system,
        found_by_provider.provider,
        found_by_provider.raw_model,
        found_by_provider.processing,
        found_by_provider.model_name,
        found_by_provider.provider_name,
        coalesce(
            found_by_provider.listed_provider, listed_providers.provider
        ) as listed_provider,
        row_number() over (
            partition by
                found_by_provider.source_system,
                found_by_provider.provider,
                found_by_provider.raw_model,
                found_by_provider.processing
            order by
                listed_providers.position,
                {{ by_code_point('listed_providers.provider') }}
        ) as preference
    from found_by_provider
    left join listed_providers
        on
            listed_providers.matched_name = 'model'
            and found_by_provider.provider_name = 'unknown'
            and {{ name_fits(
                'found_by_provider.model_name',
                'listed_providers.match_kind',
                'listed_providers.match_text',
            ) }}
    where found_by_provider.preference = 1
),

final as (
    select
        source_system,
        provider,
        raw_model,
        processing,

        model_name,
        coalesce(listed_provider, provider_name) as searched_provider,
        provider_name <> 'unknown' as has_provider
    from found_by_model
    where preference = 1
)

select * from final
