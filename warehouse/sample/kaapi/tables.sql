-- Kaapi's raw tables, column by column as the definitions list them (SEMANTICS 2.1). No foreign
-- keys: the definitions name none, and a warehouse must not rely on them. Primary keys and unique
-- constraints follow in constraints.sql, after the rows, because building them once is cheaper.
create table organization (
    id integer not null,
    name varchar not null,
    is_active boolean not null,
    inserted_at timestamp not null,
    updated_at timestamp not null
);

create table project (
    id integer not null,
    organization_id integer not null,
    name varchar not null,
    is_active boolean not null,
    inserted_at timestamp not null,
    updated_at timestamp not null
);

create table llm_call (
    id uuid not null,
    job_id uuid not null,
    organization_id integer not null,
    project_id integer not null,
    chain_id uuid,
    input_type varchar not null,
    output_type varchar,
    provider varchar not null,
    model varchar not null,
    provider_response_id varchar,
    conversation_id varchar,
    usage jsonb,
    inserted_at timestamp not null,
    updated_at timestamp not null,
    deleted_at timestamp
);

create table llm_chain (
    id uuid not null,
    job_id uuid not null,
    organization_id integer not null,
    project_id integer not null,
    status varchar not null,
    error varchar,
    block_sequences jsonb,
    total_blocks integer not null,
    number_of_blocks_processed integer not null,
    total_usage jsonb,
    inserted_at timestamp not null,
    updated_at timestamp not null
);

create table evaluation_run (
    id integer not null,
    run_name varchar not null,
    dataset_name varchar not null,
    dataset_id integer not null,
    type varchar(20) not null,
    providers jsonb,
    config_id uuid,
    config_version integer,
    status varchar not null,
    run_mode text not null,
    total_items integer not null,
    error_message text,
    cost jsonb,
    organization_id integer not null,
    project_id integer not null,
    inserted_at timestamp not null,
    updated_at timestamp not null
);

create table config_version (
    id uuid not null,
    config_id uuid not null,
    version integer not null,
    config_blob jsonb not null,
    commit_message varchar,
    inserted_at timestamp not null,
    updated_at timestamp not null,
    deleted_at timestamp
);

create table model_config (
    id integer not null,
    provider text not null,
    model_name varchar not null,
    pricing jsonb,
    is_active boolean not null,
    completion_type text[] not null,
    config jsonb not null,
    input_modalities varchar[] not null,
    output_modalities varchar[] not null,
    inserted_at timestamp not null,
    updated_at timestamp not null
);
