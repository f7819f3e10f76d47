with

spend_logs as (
    select * from {{ rows_to_audit('litellm', 'spend_logs', 'startTime') }}
),

-- By other means than the models: see _audit__models.yml.
raw_rows as (
    select
        {{ audited_day('litellm', adapter.quote('startTime')) }} as day,
        {{ audited_count('prompt_tokens') }} as input_tokens,
        {{ audited_count('completion_tokens') }} as output_tokens,
        {{ audited_count('total_tokens') }} as total_tokens,
        {{ audited_float_usd('spend') }} as cost_usd,
        status in ('success') as is_good,
        status in ('failure') as is_bad,
        is_set_aside
    from spend_logs
),

-- Every row is a request, unless it has no key or another one has the same.
final as (
    select
        cast('litellm' as {{ dbt.type_string() }}) as source_system,
        {{ var_text('default_organization_id') }} as organization_id,
        {{ var_text('default_project_id') }} as project_id,
        day,

        is_set_aside as is_excluded,

        count(*) as requests,
        count(*) as llm_call_requests,
        cast(0 as bigint) as llm_chain_requests,
        count(*) filter (where is_good) as successful_requests,
        count(*) filter (where is_bad) as failed_requests,
        count(*) - count(cost_usd) as unpriced_requests,
        cast(coalesce(sum(input_tokens), 0) as bigint) as input_tokens,
        cast(coalesce(sum(output_tokens), 0) as bigint) as output_tokens,
        cast(coalesce(sum(total_tokens), 0) as bigint) as total_tokens,
        cast(coalesce(sum(cost_usd), 0) as numeric(38, 22)) as cost_usd,
        cast(0 as bigint) as eval_runs,
        cast(0 as numeric(38, 22)) as eval_cost_usd
    from raw_rows
    group by day, is_set_aside
)

select * from final
