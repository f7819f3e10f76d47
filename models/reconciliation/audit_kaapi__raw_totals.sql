with

prices as (select * from {{ ref('audit_kaapi__raw_prices') }}),

-- By other means than the models: see _audit__models.yml.
calls as (
    select
        organization_id,
        project_id,
        inserted_at,
        -- A call without a readable time has the price that holds at last.
        coalesce(
            {{ audited_instant('kaapi', 'inserted_at') }},
            {{ instant_at('9999-12-31 23:59:59.999999') }}
        ) as priced_at,
        deleted_at is not null or is_set_aside as is_left_out,
        {{ audited_text('model') }} as raw_model,
        {{ audited_provider(audited_text('provider')) }} as provider,
        {{ audited_token_count('usage', 'input_tokens') }} as input_tokens,
        {{ audited_token_count('usage', 'output_tokens') }} as output_tokens
    from {{ rows_to_audit('kaapi', 'llm_call', 'inserted_at') }}
    {{ optimization_fence() }}
),

priced_calls as (
    select
        calls.organization_id,
        calls.project_id,
        calls.inserted_at,
        calls.is_left_out,
        calls.input_tokens,
        calls.output_tokens,
        cast(calls.input_tokens * prices.input_price_usd_per_token as numeric(37, 22))
        + cast(calls.output_tokens * prices.output_price_usd_per_token as numeric(37, 22))
            as amount_usd
    from calls
    left join prices
        on
            calls.raw_model = prices.raw_model
            and calls.provider = prices.provider
            and calls.priced_at >= prices.valid_from_at
            and (calls.priced_at < prices.valid_to_at or prices.valid_to_at is null)
),

raw_rows as (
    select
        'call' as row_kind,
        organization_id,
        project_id,
        {{ audited_day('kaapi', 'inserted_at') }} as day,
        is_left_out,
        null as chain_status,
        input_tokens,
        output_tokens,
        amount_usd
    from priced_calls
    union all
    select
        'chain' as row_kind,
        organization_id,
        project_id,
        {{ audited_day('kaapi', 'inserted_at') }} as day,
        is_set_aside as is_left_out,
        status as chain_status,
        0 as input_tokens,
        0 as output_tokens,
        0 as amount_usd
    from {{ rows_to_audit('kaapi', 'llm_chain', 'inserted_at') }}
    union all
    select
        'run' as row_kind,
        organization_id,
        project_id,
        {{ audited_day('kaapi', 'inserted_at') }} as day,
        is_set_aside as is_left_out,
        null as chain_status,
        0 as input_tokens,
        0 as output_tokens,
        {{ audited_usd('cost', 'total_cost_usd') }} as amount_usd
    from {{ rows_to_audit('kaapi', 'evaluation_run', 'inserted_at') }}
),

-- No mart holds deleted calls, rows without a key, all but one of a key and time, nor evaluation
-- runs without a readable time.
final as (
    select
        cast('kaapi' as {{ dbt.type_string() }}) as source_system,
        coalesce(cast(organization_id as {{ dbt.type_string() }}), 'unknown') as organization_id,
        coalesce(cast(project_id as {{ dbt.type_string() }}), 'unknown') as project_id,
        day,

        is_left_out or (row_kind = 'run' and day is null) as is_excluded,

        count(*) filter (where row_kind <> 'run') as requests,
        count(*) filter (where row_kind = 'call') as llm_call_requests,
        count(*) filter (where row_kind = 'chain') as llm_chain_requests,
        count(*) filter (where chain_status = 'completed') as successful_requests,
        count(*) filter (where chain_status = 'failed') as failed_requests,
        count(*) filter (where amount_usd is null) as unpriced_requests,
        cast(sum(input_tokens) as bigint) as input_tokens,
        cast(sum(output_tokens) as bigint) as output_tokens,
        cast(sum(input_tokens + output_tokens) as bigint) as total_tokens,
        cast(
            coalesce(sum(amount_usd) filter (where row_kind <> 'run'), 0) as numeric(38, 22)
        ) as cost_usd,
        count(*) filter (where row_kind = 'run') as eval_runs,
        cast(
            coalesce(sum(amount_usd) filter (where row_kind = 'run'), 0) as numeric(38, 22)
        ) as eval_cost_usd
    from raw_rows
    group by 1, 2, 3, 4, 5
)

select * from final
