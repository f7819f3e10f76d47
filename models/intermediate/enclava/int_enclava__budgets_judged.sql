with

budgets as (select * from {{ ref('stg_enclava__budgets') }}),

api_keys as (select * from {{ ref('stg_enclava__api_keys') }}),

-- Of a limit of 0 nothing is left, so it is near at once. Whether a budget is exceeded is Enclava's
-- own word: use alone does not make it so.
final as (
    select
        budgets.budget_id,
        budgets.source_system,

        {{ var_text('default_organization_id') }} as organization_id,
        {{ var_text('default_project_id') }} as project_id,
        budgets.owner_user_id,
        budgets.api_key_id,
        api_keys.owner_user_id as api_key_owner_user_id,

        budgets.budget_name,
        budgets.period_type,

        budgets.is_active,
        budgets.is_exceeded,
        coalesce(
            coalesce(budgets.budget_used_usd, 0) * 100 >= budgets.budget_limit_usd * 80, false
        ) as is_near_limit,

        budgets.budget_limit_usd,
        budgets.budget_used_usd,

        budgets.period_started_at,
        budgets.period_ended_at,
        budgets.created_at,
        budgets.source_updated_at
    from budgets
    left join api_keys on budgets.api_key_id = api_keys.api_key_id
)

select * from final
