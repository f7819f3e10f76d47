-- The base that the two marts roll up. It declares their measures, and no question needs its rows.
select
    cast(null as timestamp) as used_at,
    cast(null as text) as source_system,
    cast(null as text) as organization_id,
    cast(null as text) as project_id,
    cast(null as text) as modality,
    cast(null as text) as provider,
    cast(null as text) as model,
    cast(null as bigint) as llm_call_requests,
    cast(null as bigint) as llm_chain_requests,
    cast(null as bigint) as requests,
    cast(null as bigint) as input_tokens,
    cast(null as bigint) as output_tokens,
    cast(null as bigint) as total_tokens,
    cast(null as numeric(18, 6)) as cost_usd,
    cast(null as numeric(18, 6)) as eval_cost_usd,
    cast(null as bigint) as eval_runs
where false
