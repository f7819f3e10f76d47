-- The two unique constraints and the keys of SEMANTICS 2.1, then the indexes an application that
-- lists calls per organisation, project, chain and job would have; drop_constraints.sql lists the
-- same names.
alter table organization add constraint organization_pkey primary key (id);
alter table project add constraint project_pkey primary key (id);
alter table llm_call add constraint llm_call_pkey primary key (id);
alter table llm_chain add constraint llm_chain_pkey primary key (id);
alter table evaluation_run add constraint evaluation_run_pkey primary key (id);
alter table config_version add constraint config_version_pkey primary key (id);
alter table config_version
add constraint config_version_config_id_version_key unique (config_id, version);
alter table model_config add constraint model_config_pkey primary key (id);
alter table model_config
add constraint model_config_provider_model_name_key unique (provider, model_name);

create index project_organization_id_idx on project (organization_id);
create index llm_call_organization_id_inserted_at_idx on llm_call (organization_id, inserted_at);
create index llm_call_project_id_inserted_at_idx on llm_call (project_id, inserted_at);
create index llm_call_chain_id_idx on llm_call (chain_id) where chain_id is not null;
create index llm_call_job_id_idx on llm_call (job_id);
create index llm_chain_organization_id_inserted_at_idx on llm_chain (organization_id, inserted_at);
create index llm_chain_job_id_idx on llm_chain (job_id);
create index evaluation_run_organization_id_inserted_at_idx
on evaluation_run (organization_id, inserted_at);

analyze organization;
analyze project;
analyze llm_call;
analyze llm_chain;
analyze evaluation_run;
analyze config_version;
analyze model_config;
