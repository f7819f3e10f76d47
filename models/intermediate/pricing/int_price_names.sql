with

requests as (select * from {{ ref('int_requests_reported') }}),

provider_aliases as (select * from {{ ref('price_provider_aliases') }}),

listed_providers as (select * from {{ ref('price_book_providers') }}),

names as (
    select distinct
        source_system,
        provider,
        raw_model,
        coalesce(processing, 'standard') as processing
    from requests
    where raw_model is not null
),

written_providers as (
    select
        provider,
        trim({{ letters_lowered('provider') }}) as provider_name
    from (select distinct provider from names) as distinct_providers
),

-- An alias goes before what the list makes of a name.
named_providers as (
    select
        written_providers.provider,
        coalesce(provider_aliases.provider, written_providers.provider_name) as provider_name,
        provider_aliases.provider_name is not null as is_alias
    from written_providers
    left join provider_aliases
        on written_providers.provider_name = provider_aliases.provider_name
),

found_providers as (
    select
        named_providers.provider,
        named_providers.provider_name,
        listed_providers.provider as listed_provider,
        row_number() over (
            partition by named_providers.provider
            order by
                listed_providers.position,
                {{ by_code_point('listed_providers.provider') }}
        ) as preference
    from named_providers
    left join listed_providers
        on
            listed_providers.matched_name = 'provider'
            and not named_providers.is_alias
            and {{ name_fits(
                'named_providers.provider_name',
                'listed_providers.match_kind',
                'listed_providers.match_text',
            ) }}
),

-- Where the source names no provider, the list knows by the model whose it is.
nameless_models as (
    select distinct
        names.raw_model,
        {{ letters_lowered('names.raw_model') }} as model_name
    from names
    inner join named_providers
        on names.provider = named_providers.provider
    where named_providers.provider_name = 'unknown'
),

found_by_model as (
    select
        nameless_models.raw_model,
        listed_providers.provider as listed_provider,
        row_number() over (
            partition by nameless_models.raw_model
            order by
                listed_providers.position,
                {{ by_code_point('listed_providers.provider') }}
        ) as preference
    from nameless_models
    inner join listed_providers
        on
            listed_providers.matched_name = 'model'
            and {{ name_fits(
                'nameless_models.model_name',
                'listed_providers.match_kind',
                'listed_providers.match_text',
            ) }}
),

final as (
    select
        names.source_system,
        names.provider,
        names.raw_model,
        names.processing,

        {{ letters_lowered('names.raw_model') }} as model_name,
        coalesce(
            found_providers.listed_provider,
            found_by_model.listed_provider,
            found_providers.provider_name
        ) as searched_provider,
        found_providers.provider_name <> 'unknown' as has_provider
    from names
    inner join found_providers
        on
            names.provider = found_providers.provider
            and found_providers.preference = 1
    left join found_by_model
        on
            names.raw_model = found_by_model.raw_model
            and found_by_model.preference = 1
            and found_providers.provider_name = 'unknown'
)

select * from final
