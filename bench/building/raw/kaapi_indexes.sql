-- What operators should have, so that a build finds the rows of a day and those that changed since
-- the last one without reading all.
create index llm_call_inserted_at_idx on llm_call (inserted_at);
create index llm_call_updated_at_idx on llm_call (updated_at);
create index llm_chain_inserted_at_idx on llm_chain (inserted_at);
create index llm_chain_updated_at_idx on llm_chain (updated_at);
create index evaluation_run_inserted_at_idx on evaluation_run (inserted_at);
create index evaluation_run_updated_at_idx on evaluation_run (updated_at);
