with

names as (select * from {{ ref('int_price_names') }}),

model_aliases as (select * from {{ ref('model_aliases') }}),

as_written as (
    select
        source_system,
        provider,
        raw_model,
        processing,
        has_provider,
        searched_provider,
        model_name as candidate_name,
        0 as first_position,
        0 as second_position,
        cast(null as {{ dbt.type_string() }}) as alias_text
    from names
),

-- A rule for one provider also tells the provider of a name that comes without.
aliased as (
    select
        as_written.source_system,
        as_written.provider,
        as_written.raw_model,
        as_written.processing,
        as_written.has_provider or model_aliases.provider is not null as has_provider,
        case
            when as_written.has_provider then as_written.searched_provider
            else coalesce(model_aliases.provider, as_written.searched_provider)
        end as searched_provider,
        {{ aliased_name(
            'as_written.candidate_name',
            'model_aliases.kind',
            'model_aliases.text',
            'model_aliases.replacement',
        ) }} as candidate_name,
        model_aliases.position as first_position,
        0 as second_position,
        model_aliases.text as alias_text,
        model_aliases.kind = 'prefix' as is_prefix
    from as_written
    inner join model_aliases
        on
            {{ alias_fits(
                'as_written.candidate_name', 'model_aliases.kind', 'model_aliases.text'
            ) }}
            and (
                model_aliases.provider is null
                or as_written.searched_provider = model_aliases.provider
                or not as_written.has_provider
            )
),

-- Below a prefix there is a name as anybody writes it, to which the other rules apply.
aliased_twice as (
    select
        aliased.source_system,
        aliased.provider,
        aliased.raw_model,
        aliased.processing,
        aliased.has_provider,
        aliased.searched_provider,
        {{ aliased_name(
            'aliased.candidate_name',
            'model_aliases.kind',
            'model_aliases.text',
            'model_aliases.replacement',
        ) }} as candidate_name,
        aliased.first_position,
        model_aliases.position as second_position,
        aliased.alias_text || ' ' || model_aliases.text as alias_text
    from aliased
    inner join model_aliases
        on
            {{ alias_fits(
                'aliased.candidate_name', 'model_aliases.kind', 'model_aliases.text'
            ) }}
            and (
                model_aliases.provider is null
                or aliased.searched_provider = model_aliases.provider
            )
    where aliased.is_prefix
),

final as (
    select * from as_written
    union all
    select
        source_system,
        provider,
        raw_model,
        processing,
        has_provider,
        searched_provider,
        candidate_name,
        first_position,
        second_position,
        alias_text
    from aliased
    union all
    select * from aliased_twice
)

select * from final
