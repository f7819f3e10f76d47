with

-- Only Enclava keeps budgets.
budgets as (
    {% if 'enclava' in enabled_source_systems() %}
    select * from {{ ref('int_enclava__budgets_judged') }}
    {% else %}
    {{ select_no_rows() }}
    {% endif %}
),

final as (
    select
        budget_id,
        source_system,

        organization_id,
        project_id,
        owner_user_id,
        api_key_id,
        api_key_owner_user_id,

        budget_name,
        period_type,

        is_active,
        is_exceeded,
        is_near_limit,

        budget_limit_usd,
        budget_used_usd,

        period_started_at,
        period_ended_at,
        created_at,
        source_updated_at
    from budgets
)

select * from final
