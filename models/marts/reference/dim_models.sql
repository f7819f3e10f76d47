with

requested as (select * from {{ ref('inc_requested_models') }}),

credit_tiers as (select * from {{ ref('dim_credit_tiers') }}),

-- Only Auto-Analyst lists models in advance.
listed as (
    {% if 'auto_analyst' in enabled_source_systems() %}
    select
        cast('auto_analyst' as {{ dbt.type_string() }}) as source_system,
        {{ var_text('default_organization_id') }} as organization_id,
        model,
        credit_tier,
        tier_position
    from {{ ref('model_tiers') }}
    {% else %}
    select
        cast(null as {{ dbt.type_string() }}) as source_system,
        cast(null as {{ dbt.type_string() }}) as organization_id,
        cast(null as {{ dbt.type_string() }}) as model,
        cast(null as {{ dbt.type_string() }}) as credit_tier,
        cast(null as integer) as tier_position
    where 1 = 0
    {% endif %}
),

-- What appears, and what is listed, each once.
models as (
    select
        coalesce(requested.source_system, listed.source_system) as source_system,
        coalesce(requested.organization_id, listed.organization_id) as organization_id,
        coalesce(requested.model, listed.model) as model,
        coalesce(listed.credit_tier, requested.credit_tier) as credit_tier,
        listed.tier_position,
        requested.first_requested_at,
        requested.last_requested_at
    from requested
    full outer join listed
        on
            requested.source_system = listed.source_system
            and requested.organization_id = listed.organization_id
            and requested.model = listed.model
),

final as (
    select
        models.source_system,
        models.organization_id,
        models.model,

        models.credit_tier,
        credit_tiers.credit_tier_name,
        models.tier_position,

        credit_tiers.credits_per_request,

        models.first_requested_at,
        models.last_requested_at
    from models
    left join credit_tiers
        on
            models.source_system = credit_tiers.source_system
            and models.credit_tier = credit_tiers.credit_tier
)

select * from final
