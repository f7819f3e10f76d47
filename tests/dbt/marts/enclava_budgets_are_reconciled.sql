-- Never: a budget that Enclava holds is missing from fct_budgets, counts twice, or loses a cent.
-- Why: the health of the system is judged by what is left of its budgets.
-- Relies on it: fct_budgets.
{{ config(enabled='enclava' in var('source_systems')) }}

with

raw_rows as (
    select
        count(*) as budgets,
        coalesce(sum(case when is_active then 1 else 0 end), 0) as active_budgets,
        coalesce(sum(case when is_active and is_exceeded then 1 else 0 end), 0)
            as budgets_exceeded,
        coalesce(sum({{ audited_cents_usd('limit_cents') }}), 0) * 100 as limit_cents,
        coalesce(sum({{ audited_cents_usd('current_usage_cents') }}), 0) * 100 as used_cents
    from {{ read_source('enclava', 'budgets') }}
),

mart_rows as (
    select
        count(*) as budgets,
        coalesce(sum(case when is_active then 1 else 0 end), 0) as active_budgets,
        coalesce(sum(case when is_active and is_exceeded then 1 else 0 end), 0)
            as budgets_exceeded,
        coalesce(sum(budget_limit_usd), 0) * 100 as limit_cents,
        coalesce(sum(budget_used_usd), 0) * 100 as used_cents
    from {{ ref('fct_budgets') }}
    where source_system = 'enclava'
)

select
    raw_rows.budgets as raw_budgets,
    mart_rows.budgets as mart_budgets,
    raw_rows.limit_cents as raw_limit_cents,
    mart_rows.limit_cents as mart_limit_cents,
    raw_rows.used_cents as raw_used_cents,
    mart_rows.used_cents as mart_used_cents
from raw_rows
cross join mart_rows
where
    raw_rows.budgets <> mart_rows.budgets
    or raw_rows.active_budgets <> mart_rows.active_budgets
    or raw_rows.budgets_exceeded <> mart_rows.budgets_exceeded
    or raw_rows.limit_cents <> mart_rows.limit_cents
    or raw_rows.used_cents <> mart_rows.used_cents
