-- Never: a request, token, run or cent that Kaapi wrote is missing from a month, or is there twice;
-- nor is a request without a readable time missing from the base.
-- Why: a figure that has lost or doubled rows looks like any other, and somebody is billed by it.
-- Relies on it: fct_monthly_usage, and through it every chart of the API; fct_requests.
--
-- Law 1. Written straight from the raw rows and with other means than the models, so that a rule
-- that is wrong there is not wrong here in the same way. The means are those of Postgres.
{{ config(enabled=('kaapi' in var('source_systems') and target.type == 'postgres')) }}

with

-- `openai` sorts before `openai-native`, and is the one that counts.
price_lists as (
    select
        regexp_replace(coalesce(provider, ''), '-native$', '') as provider_name,
        model_name,
        (array_agg(pricing order by provider))[1] as pricing
    from {{ source('kaapi', 'model_config') }}
    where is_active and model_name is not null
    group by 1, 2
),

-- Materialized, so that no value is cast to a number before it is known to be one.
numeric_prices as materialized (
    select
        provider_name,
        model_name,
        jsonb_path_query_first(pricing, 'strict $.response.input_token_cost', '{}', true)
            as input_price,
        jsonb_path_query_first(pricing, 'strict $.response.output_token_cost', '{}', true)
            as output_price
    from price_lists
    where
        jsonb_path_exists(
            pricing, 'strict $.response.input_token_cost ? (@.type() == "number")', '{}', true
        )
        and jsonb_path_exists(
            pricing, 'strict $.response.output_token_cost ? (@.type() == "number")', '{}', true
        )
),

usable_prices as (
    select
        provider_name,
        model_name,
        round(cast(input_price as numeric), 16) as input_price,
        round(cast(output_price as numeric), 16) as output_price
    from numeric_prices
    where
        provider_name in ('openai', 'google', 'sarvamai', 'elevenlabs')
        and abs(round(cast(input_price as numeric), 16)) < 1000000
        and abs(round(cast(output_price as numeric), 16)) < 1000000
),

-- Materialized, so that the regular expressions run once per row.
calls as materialized (
    select
        organization_id,
        inserted_at,
        regexp_replace(coalesce(provider, ''), '-native$', '') as provider_name,
        model as model_name,
        -- In JSON text only a string has quotes; leading zeros are no digits that count.
        cast(
            coalesce(
                substring(cast(usage -> 'input_tokens' as text) from '^-?[0-9]{1,15}$'),
                substring(cast(usage -> 'input_tokens' as text) from '^"0*([0-9]{1,15})"$'),
                '0'
            ) as numeric
        ) as input_tokens,
        cast(
            coalesce(
                substring(cast(usage -> 'output_tokens' as text) from '^-?[0-9]{1,15}$'),
                substring(cast(usage -> 'output_tokens' as text) from '^"0*([0-9]{1,15})"$'),
                '0'
            ) as numeric
        ) as output_tokens
    from {{ source('kaapi', 'llm_call') }}
    where deleted_at is null
),

evaluation_cost_texts as (
    select
        organization_id,
        inserted_at,
        case
            when
                length(cast(cost -> 'total_cost_usd' as text)) <= 4002
                or jsonb_typeof(cost -> 'total_cost_usd') = 'number'
                then cast(cost -> 'total_cost_usd' as text)
        end as cost_text
    from {{ source('kaapi', 'evaluation_run') }}
),

-- A number, or a plain decimal string that is not too long for a numeric.
evaluations as (
    select
        organization_id,
        inserted_at,
        round(
            cast(
                coalesce(
                    substring(cost_text from '^-?[0-9.]+$'),
                    substring(
                        cost_text
                        from '^"([+-]?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?0*[0-9]{1,4})?)"$'
                    ),
                    '0'
                ) as numeric
            ), 22
        ) as cost_usd
    from evaluation_cost_texts
),

raw_events as (
    select
        calls.organization_id,
        calls.inserted_at,
        1 as llm_call_requests,
        0 as llm_chain_requests,
        case when usable_prices.model_name is null then 1 else 0 end as unpriced_requests,
        calls.input_tokens,
        calls.output_tokens,
        coalesce(
            calls.input_tokens * usable_prices.input_price
            + calls.output_tokens * usable_prices.output_price, 0
        ) as cost_usd_times_million,
        0 as eval_runs,
        0 as eval_cost_usd
    from calls
    left join usable_prices
        on
            calls.provider_name = usable_prices.provider_name
            and calls.model_name = usable_prices.model_name
    union all
    select
        organization_id,
        inserted_at,
        0 as llm_call_requests,
        1 as llm_chain_requests,
        0 as unpriced_requests,
        0 as input_tokens,
        0 as output_tokens,
        0 as cost_usd_times_million,
        0 as eval_runs,
        0 as eval_cost_usd
    from {{ source('kaapi', 'llm_chain') }}
    union all
    select
        organization_id,
        inserted_at,
        0 as llm_call_requests,
        0 as llm_chain_requests,
        0 as unpriced_requests,
        0 as input_tokens,
        0 as output_tokens,
        0 as cost_usd_times_million,
        1 as eval_runs,
        case when abs(cost_usd) < 1e12 then cost_usd else 0 end as eval_cost_usd
    from evaluations
),

raw_months as (
    select
        coalesce(cast(organization_id as text), 'unknown') as organization_id,
        -- What stands outside the calendar has no month.
        case
            when extract(year from inserted_at) between 1 and 9999
                then cast(date_trunc('month', inserted_at) as date)
        end as month,
        sum(llm_call_requests) as llm_call_requests,
        sum(llm_chain_requests) as llm_chain_requests,
        sum(unpriced_requests) as unpriced_requests,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(cost_usd_times_million) * 0.000001 as cost_usd,
        sum(eval_runs) as eval_runs,
        sum(eval_cost_usd) as eval_cost_usd
    from raw_events
    -- An evaluation run without a time stands in no mart.
    where eval_runs = 0 or extract(year from inserted_at) between 1 and 9999
    group by 1, 2
),

mart_months as (
    select
        organization_id,
        month,
        sum(llm_call_requests) as llm_call_requests,
        sum(llm_chain_requests) as llm_chain_requests,
        sum(unpriced_requests) as unpriced_requests,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(cost_usd) as cost_usd,
        sum(eval_runs) as eval_runs,
        sum(eval_cost_usd) as eval_cost_usd,
        sum(requests) as requests,
        sum(total_tokens) as total_tokens
    from {{ ref('fct_monthly_usage') }}
    where source_system = 'kaapi'
    group by 1, 2
    union all
    select
        organization_id,
        null as month,
        sum(case request_kind when 'call' then 1 else 0 end) as llm_call_requests,
        sum(case request_kind when 'chain' then 1 else 0 end) as llm_chain_requests,
        sum(case when is_priced then 0 else 1 end) as unpriced_requests,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(cost_usd) as cost_usd,
        0 as eval_runs,
        0 as eval_cost_usd,
        sum(1) as requests,
        sum(total_tokens) as total_tokens
    from {{ ref('fct_requests') }}
    where source_system = 'kaapi' and requested_at is null
    group by 1
)

select
    coalesce(raw_months.organization_id, mart_months.organization_id) as organization_id,
    coalesce(raw_months.month, mart_months.month) as month,
    raw_months.llm_call_requests as raw_calls,
    mart_months.llm_call_requests as mart_calls,
    raw_months.llm_chain_requests as raw_chains,
    mart_months.llm_chain_requests as mart_chains,
    raw_months.cost_usd as raw_cost_usd,
    mart_months.cost_usd as mart_cost_usd,
    raw_months.eval_cost_usd as raw_eval_cost_usd,
    mart_months.eval_cost_usd as mart_eval_cost_usd
from raw_months
full outer join mart_months
    on
        raw_months.organization_id = mart_months.organization_id
        and coalesce(raw_months.month, 'infinity') = coalesce(mart_months.month, 'infinity')
where
    raw_months.llm_call_requests is distinct from mart_months.llm_call_requests
    or raw_months.llm_chain_requests is distinct from mart_months.llm_chain_requests
    or raw_months.llm_call_requests + raw_months.llm_chain_requests
    is distinct from mart_months.requests
    or raw_months.unpriced_requests is distinct from mart_months.unpriced_requests
    or raw_months.input_tokens is distinct from mart_months.input_tokens
    or raw_months.output_tokens is distinct from mart_months.output_tokens
    or raw_months.input_tokens + raw_months.output_tokens
    is distinct from mart_months.total_tokens
    or raw_months.cost_usd is distinct from mart_months.cost_usd
    or raw_months.eval_runs is distinct from mart_months.eval_runs
    or raw_months.eval_cost_usd is distinct from mart_months.eval_cost_usd
