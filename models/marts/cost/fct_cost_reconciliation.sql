with

raw_days as (
    {% for source_system in enabled_source_systems() %}
    select * from {{ audited_totals(source_system) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

raw_totals as (
    select
        *,
        {{ period_start('month', 'day') }} as month
    from raw_days
),

months as (select * from {{ ref('fct_monthly_usage') }}),

untimed as (
    select *
    from {{ ref('fct_requests') }}
    where requested_at is null
),

archived as (
    select *
    from {{ ref('fct_requests') }}
    where is_archived
),

archived_runs as (
    select *
    from {{ ref('fct_evaluation_runs') }}
    where is_archived
),

quality_days as (
    select *
    from {{ ref('fct_daily_cost_quality') }}
    where cost_source in ('price_book', 'price_override')
),

{% set keys = 'month, source_system, organization_id, project_id' %}
{% set types = {
    'requests': 'bigint', 'llm_call_requests': 'bigint', 'llm_chain_requests': 'bigint',
    'successful_requests': 'bigint', 'failed_requests': 'bigint', 'unpriced_requests': 'bigint',
    'input_tokens': 'bigint', 'output_tokens': 'bigint', 'total_tokens': 'bigint',
    'cost_usd': 'numeric(38, 22)', 'eval_runs': 'bigint', 'eval_cost_usd': 'numeric(38, 22)',
} %}
{% set quantities = types.keys() %}
-- Requests without a readable time are in no month.
untimed_requests as (
    select
        cast(null as date) as month,
        source_system,
        organization_id,
        project_id,
        1 as requests,
        case request_kind when 'call' then 1 else 0 end as llm_call_requests,
        case request_kind when 'chain' then 1 else 0 end as llm_chain_requests,
        case when is_successful then 1 else 0 end as successful_requests,
        case when is_failed then 1 else 0 end as failed_requests,
        case when is_priced then 0 else 1 end as unpriced_requests,
        input_tokens,
        output_tokens,
        total_tokens,
        cost_usd,
        0 as eval_runs,
        0 as eval_cost_usd
    from untimed
),

-- What its source no longer holds is counted as its raw rows were: the price book comes on top.
archived_events as (
    select
        {{ period_start('month', utc_day('requested_at')) }} as month,
        source_system,
        organization_id,
        project_id,
        1 as requests,
        case request_kind when 'call' then 1 else 0 end as llm_call_requests,
        case request_kind when 'chain' then 1 else 0 end as llm_chain_requests,
        case when is_successful then 1 else 0 end as successful_requests,
        case when is_failed then 1 else 0 end as failed_requests,
        case
            when not is_priced or cost_source in ('price_book', 'price_override') then 1
            else 0
        end as unpriced_requests,
        input_tokens,
        output_tokens,
        total_tokens,
        case when cost_source in ('price_book', 'price_override') then 0 else cost_usd end
            as cost_usd,
        0 as eval_runs,
        0 as eval_cost_usd
    from archived
    union all
    select
        {{ period_start('month', utc_day('evaluated_at')) }} as month,
        source_system,
        organization_id,
        project_id,
        {% for quantity in quantities if not quantity.startswith('eval') %}
        0 as {{ quantity }},
        {% endfor %}
        1 as eval_runs,
        eval_cost_usd
    from archived_runs
),

-- What raw rows cannot know: the cost of requests that only the price book has a price for.
book_priced_requests as (
    select
        {{ period_start('month', 'day') }} as month,
        source_system,
        organization_id,
        project_id,
        {% for quantity in quantities if quantity not in ('unpriced_requests', 'cost_usd') %}
        0 as {{ quantity }},
        {% endfor %}
        -requests as unpriced_requests,
        cost_usd
    from quality_days
    union all
    select
        cast(null as date) as month,
        source_system,
        organization_id,
        project_id,
        {% for quantity in quantities if quantity not in ('unpriced_requests', 'cost_usd') %}
        0 as {{ quantity }},
        {% endfor %}
        -1 as unpriced_requests,
        cost_usd
    from untimed
    where cost_source in ('price_book', 'price_override')
),

sides as (
    select 'raw' as side, {{ keys }}, {{ quantities | join(', ') }} from raw_totals
    union all
    select 'excluded' as side, {{ keys }}, {{ quantities | join(', ') }} from raw_totals
    where is_excluded
    union all
    select 'archived' as side, {{ keys }}, {{ quantities | join(', ') }} from archived_events
    union all
    select 'mart' as side, {{ keys }}, {{ quantities | join(', ') }} from months
    union all
    select 'mart' as side, {{ keys }}, {{ quantities | join(', ') }} from untimed_requests
    union all
    select 'price_book' as side, {{ keys }}, {{ quantities | join(', ') }} from book_priced_requests
),

-- An amount that no row of a side has counts 0.
totals as (
    select
        {% for quantity in quantities %}
        {% for side in ('raw', 'price_book', 'archived', 'mart', 'excluded') %}
        cast(
            coalesce(sum({{ quantity }}) filter (where side = '{{ side }}'), 0)
            as {{ types[quantity] }}
        ) as {{ side }}_{{ quantity }},
        {% endfor %}
        {% endfor %}
        {{ keys }}
    from sides
    group by {{ keys }}
),

-- Every raw row, and every archived one, is in a mart, or is left out for a stated reason.
final as (
    select
        {{ keys }},

        (
            {% for quantity in quantities %}
            raw_{{ quantity }} + archived_{{ quantity }} + price_book_{{ quantity }}
            = mart_{{ quantity }} + excluded_{{ quantity }}
            {% if not loop.last %}and{% endif %}
            {% endfor %}
        ) as is_reconciled,

        {% for quantity in quantities if not quantity.endswith('_requests') %}
        raw_{{ quantity }},
        mart_{{ quantity }},
        excluded_{{ quantity }},
        archived_{{ quantity }},
        {% endfor %}
        {% for quantity in quantities %}
        cast(
            raw_{{ quantity }} + archived_{{ quantity }} + price_book_{{ quantity }}
            - mart_{{ quantity }} - excluded_{{ quantity }} as {{ types[quantity] }}
        ) as unexplained_{{ quantity }},
        {% endfor %}
        price_book_cost_usd
    from totals
)

select * from final
