with

requests as (select * from {{ ref('fct_requests') }}),

-- A request without a readable time belongs to no hour.
timed as (
    select
        date_trunc('hour', requested_at) as hour,
        source_system,
        organization_id,
        project_id,
        provider,
        model,
        has_model,
        request_kind,
        is_successful,
        is_failed,
        is_priced,
        input_tokens,
        output_tokens,
        total_tokens,
        cost_usd
    from requests
    where requested_at is not null
),

-- An amount that no row of the bucket has counts 0.
final as (
    select
        hour,
        source_system,
        organization_id,
        project_id,

        provider,
        model,
        has_model,

        count(*) as requests,
        count(*) filter (where request_kind = 'call') as llm_call_requests,
        count(*) filter (where request_kind = 'chain') as llm_chain_requests,
        count(*) filter (where is_successful) as successful_requests,
        count(*) filter (where is_failed) as failed_requests,
        count(*) filter (where not is_priced) as unpriced_requests,
        cast(coalesce(sum(input_tokens), 0) as bigint) as input_tokens,
        cast(coalesce(sum(output_tokens), 0) as bigint) as output_tokens,
        cast(coalesce(sum(total_tokens), 0) as bigint) as total_tokens,
        cast(sum(cost_usd) as numeric(38, 22)) as cost_usd
    from timed
    group by 1, 2, 3, 4, 5, 6, 7
)

select * from final
