-- The budgets of this month, with what the requests of their keys have cost since it began. Limits
-- lie around that, so that some budgets are exceeded and some nearly.
insert into budgets (
    id, name, user_id, api_key_id, limit_cents, current_usage_cents, is_active, is_exceeded,
    warning_threshold_cents, period_type, period_start, period_end, is_warning_sent,
    enforce_hard_limit, enforce_warning, currency, created_at, updated_at, last_reset_at
)
with

months as (
    select
        date_trunc('month', cast(%(until)s as timestamp)) as starts_at,
        date_trunc('month', cast(%(until)s as timestamp)) + interval '1 month' as ends_at
),

spent as (
    select
        usage_tracking.budget_id,
        sum(usage_tracking.cost_cents) as cost_cents
    from usage_tracking
    cross join months
    where
        usage_tracking.id > cast(%(reserved)s as bigint)
        and usage_tracking.created_at >= months.starts_at
        and usage_tracking.budget_id is not null
    group by 1
),

budgeted as (
    select
        keys.key_number,
        keys.user_number,
        coalesce(spent.cost_cents, 0) as cost_cents,
        100 * greatest(
            5,
            coalesce(spent.cost_cents, 0)
            * (array[95, 104, 112, 124, 160, 240, 400, 900])[1 + mod(keys.key_number, 8)]
            / 10000
        ) as limit_cents
    from sample_keys as keys
    left join spent
        on spent.budget_id = cast(%(reserved)s as bigint) + keys.key_number
    where keys.has_budget
)

select
    cast(%(reserved)s as bigint) + budgeted.key_number as id,
    'Budget of key ' || budgeted.key_number as name,
    cast(%(reserved)s as bigint) + budgeted.user_number as user_id,
    -- One in four is the user's own, for all of the user's keys.
    case
        when mod(budgeted.key_number, 4) > 0
            then cast(%(reserved)s as bigint) + budgeted.key_number
    end as api_key_id,
    budgeted.limit_cents,
    budgeted.cost_cents as current_usage_cents,
    mod(budgeted.key_number, 10) > 0 as is_active,
    budgeted.cost_cents >= budgeted.limit_cents as is_exceeded,
    budgeted.limit_cents * 8 / 10 as warning_threshold_cents,
    'monthly' as period_type,
    months.starts_at as period_start,
    months.ends_at as period_end,
    budgeted.cost_cents * 10 >= budgeted.limit_cents * 8 as is_warning_sent,
    true as enforce_hard_limit,
    true as enforce_warning,
    'USD' as currency,
    months.starts_at - interval '10 months' as created_at,
    cast(%(until)s as timestamp) as updated_at,
    months.starts_at as last_reset_at
from budgeted
cross join months
