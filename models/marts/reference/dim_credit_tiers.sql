with

-- Only Auto-Analyst counts in credits.
credit_tiers as (
    {% if 'auto_analyst' in enabled_source_systems() %}
    select
        cast('auto_analyst' as {{ dbt.type_string() }}) as source_system,
        credit_tier,
        credit_tier_name,
        credits_per_request
    from {{ ref('credit_tiers') }}
    {% else %}
    {{ select_no_rows() }}
    {% endif %}
),

final as (
    select
        source_system,

        credit_tier,
        credit_tier_name,

        credits_per_request
    from credit_tiers
)

select * from final
