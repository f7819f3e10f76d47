-- What constraints.sql adds, taken away again before tables that stay are filled anew.
alter table organization drop constraint if exists organization_pkey;
alter table project drop constraint if exists project_pkey;
alter table llm_call drop constraint if exists llm_call_pkey;
alter table llm_chain drop constraint if exists llm_chain_pkey;
alter table evaluation_run drop constraint if exists evaluation_run_pkey;
alter table config_version drop constraint if exists config_version_pkey;
alter table model_config drop constraint if exists model_config_pkey;
alter table config_version drop constraint if exists config_version_config_id_version_key;
alter table model_config drop constraint if exists model_config_provider_model_name_key;

drop index if exists project_organization_id_idx;
drop index if exists llm_call_organization_id_inserted_at_idx;
drop index if exists llm_call_project_id_inserted_at_idx;
drop index if exists llm_call_chain_id_idx;
drop index if exists llm_call_job_id_idx;
drop index if exists llm_chain_organization_id_inserted_at_idx;
drop index if exists llm_chain_job_id_idx;
drop index if exists evaluation_run_organization_id_inserted_at_idx;
