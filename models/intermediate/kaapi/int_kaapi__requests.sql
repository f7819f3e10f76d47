with

llm_calls as (select * from {{ ref('int_kaapi__llm_calls_classified') }}),

llm_chains as (select * from {{ ref('int_kaapi__llm_chains_attributed') }}),

call_requests as (
    select
        llm_call_id as request_id,
        cast('call' as {{ dbt.type_string() }}) as request_kind,
        source_system,

        organization_id,
        project_id,
        session_id,
        chain_id,
        cast(null as {{ dbt.type_string() }}) as first_call_id,

        modality,
        provider,
        model,
        raw_model,
        cast(null as {{ dbt.type_string() }}) as status, -- Kaapi knows no outcome of a call
        {{ origin_of_usage('provider', ['input_tokens', 'output_tokens']) }} as usage_source,

        cast(null as boolean) as is_successful,
        cast(null as boolean) as is_failed,
        has_model,

        input_tokens,
        output_tokens,

        requested_at,
        source_updated_at
    from llm_calls
    where not is_deleted
),

-- A chain's tokens, cost and models are those of its calls, which are requests of their own.
chain_requests as (
    select
        llm_chain_id as request_id,
        cast('chain' as {{ dbt.type_string() }}) as request_kind,
        source_system,

        organization_id,
        project_id,
        cast(null as {{ dbt.type_string() }}) as session_id,
        llm_chain_id as chain_id,
        first_llm_call_id as first_call_id,

        modality,
        provider,
        cast('unknown' as {{ dbt.type_string() }}) as model,
        cast(null as {{ dbt.type_string() }}) as raw_model,
        status,
        cast('not_applicable' as {{ dbt.type_string() }}) as usage_source,

        case status when 'completed' then true when 'failed' then false end as is_successful,
        case status when 'completed' then false when 'failed' then true end as is_failed,
        false as has_model,

        cast(0 as bigint) as input_tokens,
        cast(0 as bigint) as output_tokens,

        requested_at,
        source_updated_at
    from llm_chains
),

unioned as (
    select * from call_requests
    union all
    select * from chain_requests
),

-- What Kaapi does not record is NULL, not 0.
final as (
    select
        {{ select_request(
            same=[
                'request_id', 'request_kind', 'source_system', 'organization_id', 'project_id',
                'session_id', 'chain_id', 'first_call_id', 'modality', 'provider', 'model',
                'raw_model', 'status', 'usage_source', 'is_successful', 'is_failed', 'has_model',
                'input_tokens', 'output_tokens', 'requested_at', 'source_updated_at',
            ],
            made={
                'total_tokens': 'input_tokens + output_tokens',
            },
        ) }}
    from unioned
)

select * from final
