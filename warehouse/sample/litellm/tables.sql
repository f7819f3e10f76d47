-- LiteLLM's raw tables, column by column as the definitions list them (SEMANTICS 3.1, 4.1), with
-- the types that LiteLLM's own migrations give them. No foreign keys: the definitions name none,
-- and a warehouse must not rely on them. Keys follow in constraints.sql, after the rows.
create table "LiteLLM_UserTable" (
    user_id text not null,
    user_email text,
    user_alias text,
    team_id text,
    user_role text,
    max_budget double precision,
    spend double precision not null,
    models text [],
    metadata jsonb not null,
    created_at timestamp (3),
    updated_at timestamp (3)
);

create table "LiteLLM_VerificationToken" (
    token text not null,
    user_id text,
    key_name text,
    key_alias text,
    spend double precision not null,
    expires timestamp (3),
    models text [],
    team_id text,
    metadata jsonb not null,
    blocked boolean,
    created_at timestamp (3),
    updated_at timestamp (3)
);

create table "LiteLLM_DailyTagSpend" (
    id text not null,
    request_id text,
    tag text,
    date text not null,
    api_key text not null,
    model text,
    model_group text,
    custom_llm_provider text,
    mcp_namespaced_tool_name text,
    endpoint text,
    prompt_tokens bigint not null,
    completion_tokens bigint not null,
    cache_read_input_tokens bigint not null,
    cache_creation_input_tokens bigint not null,
    spend double precision not null,
    api_requests bigint not null,
    successful_requests bigint not null,
    failed_requests bigint not null,
    created_at timestamp (3) not null,
    updated_at timestamp (3) not null
);

create table "LiteLLM_SpendLogs" (
    request_id text not null,
    call_type text not null,
    api_key text not null,
    spend double precision not null,
    total_tokens integer not null,
    prompt_tokens integer not null,
    completion_tokens integer not null,
    "startTime" timestamp (3) not null,
    "endTime" timestamp (3),
    "completionStartTime" timestamp (3),
    request_duration_ms integer,
    model text,
    "user" text,
    cache_hit text,
    session_id text,
    status text,
    model_id text,
    model_group text,
    custom_llm_provider text,
    api_base text,
    metadata jsonb,
    cache_key text,
    request_tags jsonb,
    team_id text,
    organization_id text,
    end_user text,
    requester_ip_address text
);
