-- depends_on: {{ extraction() }}
-- depends_on: {{ published('fct_requests') }}

with

llm_chains as (select * from {{ ref('stg_kaapi__llm_chains') }}),

-- Soft-deleted calls stay: a chain keeps the attribution of its first call.
llm_calls as (
    select
        llm_call_id,
        input_type,
        output_type,
        raw_provider
    from {{ first_rows_of_keys(
        ref('stg_kaapi__llm_calls'), 'kaapi__llm_call', 'llm_call_id', 'requested_at'
    ) }}
),

-- Of a first call that has left Kaapi the chain tells what was published of it.
published_chains as (
    {{ published_requests() }}
),

-- Without a first call its columns are NULL, for which the two rules give OTHER and unknown.
final as (
    select
        llm_chains.source_system,
        llm_chains.llm_chain_id,

        llm_chains.organization_id,
        llm_chains.project_id,
        llm_chains.first_llm_call_id,

        case
            when llm_calls.llm_call_id is null and published_chains.request_id is not null
                then published_chains.modality
            else {{ kaapi_call_modality('llm_calls.input_type', 'llm_calls.output_type') }}
        end as modality,
        case
            when llm_calls.llm_call_id is null and published_chains.request_id is not null
                then published_chains.provider
            else {{ canonical_provider('llm_calls.raw_provider') }}
        end as provider,
        llm_chains.status,

        llm_chains.requested_at,
        llm_chains.source_updated_at
    from llm_chains
    left join llm_calls
        on
            llm_chains.first_llm_call_id = llm_calls.llm_call_id
            -- Says nothing new but to the planner, which else expects thousands of calls a chain.
            and left(llm_chains.first_llm_call_id, 8) = left(llm_calls.llm_call_id, 8)
    left join published_chains
        on
            published_chains.source_system = 'kaapi'
            and published_chains.request_kind = 'chain'
            and llm_chains.llm_chain_id = published_chains.request_id
            and llm_chains.first_llm_call_id = published_chains.first_call_id
)

select * from final
