-- depends_on: {{ extraction() }}

with

llm_chains as (select * from {{ ref('stg_kaapi__llm_chains') }}),

-- Soft-deleted calls stay: a chain keeps the attribution of its first call.
llm_calls as (
    select
        llm_call_id,
        input_type,
        output_type,
        raw_provider
    from {{ ref('stg_kaapi__llm_calls') }}
),

-- Without a first call its columns are NULL, for which the two rules give OTHER and unknown.
final as (
    select
        llm_chains.source_system,
        llm_chains.llm_chain_id,

        llm_chains.organization_id,
        llm_chains.project_id,
        llm_chains.first_llm_call_id,

        {{ kaapi_call_modality('llm_calls.input_type', 'llm_calls.output_type') }} as modality,
        {{ canonical_provider('llm_calls.raw_provider') }} as provider,
        llm_chains.status,

        llm_chains.requested_at,
        llm_chains.source_updated_at
    from llm_chains
    left join llm_calls
        on
            llm_chains.first_llm_call_id = llm_calls.llm_call_id
            -- Says nothing new but to the planner, which else expects thousands of calls a chain.
            and left(llm_chains.first_llm_call_id, 8) = left(llm_calls.llm_call_id, 8)
)

select * from final
