-- Never: what all tenants see, taken together, differs from what an admin sees.
-- Why: a row that belongs to no tenant is paid by nobody; one that belongs to two is paid twice.
-- Relies on it: every figure that is served per tenant and as a total (law 4).
with

tenants as (
    select
        source_system,
        organization_id,
        sum(requests) as requests,
        sum(total_tokens) as total_tokens,
        sum(cost_usd) as cost_usd,
        sum(eval_runs) as eval_runs,
        sum(eval_cost_usd) as eval_cost_usd
    from {{ get_where_subquery(ref('fct_monthly_usage')) }}
    where source_system is not null and organization_id is not null
    group by 1, 2
),

all_tenants as (
    select
        coalesce(sum(requests), 0) as requests,
        coalesce(sum(total_tokens), 0) as total_tokens,
        coalesce(sum(cost_usd), 0) as cost_usd,
        coalesce(sum(eval_runs), 0) as eval_runs,
        coalesce(sum(eval_cost_usd), 0) as eval_cost_usd
    from tenants
),

total_requests as (
    select
        coalesce(sum(requests), 0) as requests,
        coalesce(sum(total_tokens), 0) as total_tokens,
        coalesce(sum(cost_usd), 0) as cost_usd
    from {{ ref('inc_days_of_affected_months') }}
),

total_evaluation_runs as (
    select
        count(*) as eval_runs,
        coalesce(sum(eval_cost_usd), 0) as eval_cost_usd
    from {{ ref('inc_evaluation_runs_of_affected_months') }}
)

select
    all_tenants.*,
    total_requests.requests as total_requests,
    total_requests.cost_usd as total_cost_usd,
    total_evaluation_runs.eval_runs as total_eval_runs
from all_tenants
cross join total_requests
cross join total_evaluation_runs
where
    all_tenants.requests <> total_requests.requests
    or all_tenants.total_tokens <> total_requests.total_tokens
    or all_tenants.cost_usd <> total_requests.cost_usd
    or all_tenants.eval_runs <> total_evaluation_runs.eval_runs
    or all_tenants.eval_cost_usd <> total_evaluation_runs.eval_cost_usd
