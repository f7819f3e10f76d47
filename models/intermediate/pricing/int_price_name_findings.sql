with

candidates as (select * from {{ ref('int_price_name_candidates') }}),

listed_names as (select * from {{ ref('price_book_names') }}),

overridden_models as (
    select distinct
        provider,
        model
    from {{ ref('price_overrides') }}
),

fallbacks as (select * from {{ ref('price_book_fallbacks') }}),

-- What an override names is found by just that name, before what the list makes of it.
findable as (
    select
        provider,
        0 as position,
        model,
        'equals' as match_kind,
        {{ letters_lowered('model') }} as match_text,
        true as is_override
    from overridden_models

    union all

    select
        provider,
        position,
        model,
        match_kind,
        match_text,
        false as is_override
    from listed_names
),

-- Where a provider does not list a model itself, the list looks among others' models, at their
-- standard prices.
searched as (
    select
        source_system,
        provider,
        raw_model,
        processing,
        candidate_name,
        first_position,
        second_position,
        alias_text,
        searched_provider as price_provider,
        0 as fallback_position
    from candidates

    union all

    select
        candidates.source_system,
        candidates.provider,
        candidates.raw_model,
        candidates.processing,
        candidates.candidate_name,
        candidates.first_position,
        candidates.second_position,
        candidates.alias_text,
        fallbacks.fallback_provider as price_provider,
        fallbacks.position as fallback_position
    from candidates
    inner join fallbacks
        on candidates.searched_provider = fallbacks.provider
),

found as (
    select
        searched.source_system,
        searched.provider,
        searched.raw_model,
        searched.processing,
        searched.price_provider,
        searched.fallback_position,
        searched.alias_text,
        findable.model as price_model,
        findable.is_override,
        row_number() over (
            partition by
                searched.source_system,
                searched.provider,
                searched.raw_model,
                searched.processing
            order by
                case when searched.second_position > 0 then 1 else 0 end,
                searched.first_position,
                searched.second_position,
                searched.fallback_position,
                findable.position,
                {{ by_code_point('findable.model') }}
        ) as preference
    from searched
    inner join findable
        on
            searched.price_provider = findable.provider
            and {{ name_fits(
                'searched.candidate_name', 'findable.match_kind', 'findable.match_text'
            ) }}
),

final as (
    select
        source_system,
        provider,
        raw_model,
        processing,

        price_provider,
        price_model,
        alias_text,
        is_override,
        fallback_position > 0 as is_fallback
    from found
    where preference = 1
)

select * from final
