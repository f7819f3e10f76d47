-- Never: a request, token or cent of Auto-Analyst is missing from its month, or counts twice.
-- Why: a figure that has lost or doubled rows looks like any other, and somebody is billed by it.
-- Relies on it: fct_requests, fct_monthly_usage and every other roll-up.
--
-- Law 1. Written straight from the raw rows and with other means than the models, so that a rule
-- that is wrong there is not wrong here in the same way. The means are those of Postgres.
{{ config(enabled=('auto_analyst' in var('source_systems') and target.type == 'postgres')) }}

with

raw_rows as (
    select
        date_trunc(
            'month',
            nullif(nullif({{ adapter.quote('timestamp') }}, 'infinity'), '-infinity')
        ) as month_start,
        prompt_tokens as input_tokens,
        completion_tokens as output_tokens,
        total_tokens,
        case
            when cost between -9999999999999998 and 9999999999999998
                then cast(trim('"' from cast(to_jsonb(cost) as text)) as numeric)
        end as cost_usd,
        completion_tokens > 0 as is_good,
        false as is_bad
    from {{ source('auto_analyst', 'model_usage') }}
),

raw_months as (
    select
        case
            when extract(year from month_start) between 1 and 9999 then month_start
        end as month_start,
        count(*) as requests,
        coalesce(sum(input_tokens), 0) as input_tokens,
        coalesce(sum(output_tokens), 0) as output_tokens,
        coalesce(sum(total_tokens), 0) as total_tokens,
        coalesce(sum(round(cost_usd, 22)), 0) as cost_usd,
        count(*) - count(cost_usd) as unpriced_requests,
        count(*) filter (where is_good) as successful_requests,
        count(*) filter (where is_bad) as failed_requests
    from raw_rows
    group by 1
),

-- Of the one tenant these rows may belong to.
requests as (
    select *
    from {{ ref('fct_requests') }}
    where
        source_system = 'auto_analyst'
        and organization_id = {{ var_text('default_organization_id') }}
        and project_id = {{ var_text('default_project_id') }}
),

base_months as (
    select
        date_trunc('month', requested_at) as month_start,
        count(*) as requests,
        coalesce(sum(input_tokens), 0) as input_tokens,
        coalesce(sum(output_tokens), 0) as output_tokens,
        coalesce(sum(total_tokens), 0) as total_tokens,
        sum(cost_usd) as cost_usd,
        count(*) filter (where not is_priced) as unpriced_requests,
        count(*) filter (where is_successful) as successful_requests,
        count(*) filter (where is_failed) as failed_requests
    from requests
    group by 1
),

mart_months as (
    select
        cast(month as timestamp) as month_start,
        sum(requests) as requests,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(total_tokens) as total_tokens,
        sum(cost_usd) as cost_usd,
        sum(unpriced_requests) as unpriced_requests
    from {{ ref('fct_monthly_usage') }}
    where
        source_system = 'auto_analyst'
        and organization_id = {{ var_text('default_organization_id') }}
    group by 1
)

select
    'fct_requests' as mart,
    coalesce(raw_months.month_start, base_months.month_start) as month_start,
    raw_months.requests as raw_requests,
    base_months.requests as mart_requests,
    raw_months.cost_usd as raw_cost_usd,
    base_months.cost_usd as mart_cost_usd
from raw_months
full outer join base_months
    on
        coalesce(raw_months.month_start, 'infinity')
        = coalesce(base_months.month_start, 'infinity')
where
    raw_months.requests is distinct from base_months.requests
    or raw_months.input_tokens is distinct from base_months.input_tokens
    or raw_months.output_tokens is distinct from base_months.output_tokens
    or raw_months.total_tokens is distinct from base_months.total_tokens
    or raw_months.cost_usd is distinct from base_months.cost_usd
    or raw_months.unpriced_requests is distinct from base_months.unpriced_requests
    or raw_months.successful_requests is distinct from base_months.successful_requests
    or raw_months.failed_requests is distinct from base_months.failed_requests
union all
select
    'fct_monthly_usage' as mart,
    coalesce(raw_months.month_start, mart_months.month_start) as month_start,
    raw_months.requests as raw_requests,
    mart_months.requests as mart_requests,
    raw_months.cost_usd as raw_cost_usd,
    mart_months.cost_usd as mart_cost_usd
from raw_months
full outer join mart_months
    on raw_months.month_start = mart_months.month_start
where
    (raw_months.requests is null or raw_months.month_start is not null)
    and (
        raw_months.requests is distinct from mart_months.requests
        or raw_months.input_tokens is distinct from mart_months.input_tokens
        or raw_months.output_tokens is distinct from mart_months.output_tokens
        or raw_months.total_tokens is distinct from mart_months.total_tokens
        or raw_months.cost_usd is distinct from mart_months.cost_usd
        or raw_months.unpriced_requests is distinct from mart_months.unpriced_requests
    )
