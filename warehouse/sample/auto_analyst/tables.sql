-- Auto-Analyst's raw tables, column by column as the definitions list them (SEMANTICS 5.1), with
-- the lengths that its own models give them. No foreign keys: the definitions name none, and a
-- warehouse must not rely on them. Keys follow in constraints.sql, after the rows.
create table users (
    user_id integer not null,
    username varchar not null,
    email varchar not null,
    created_at timestamp
);

create table chats (
    chat_id integer not null,
    user_id integer,
    title varchar,
    created_at timestamp
);

create table messages (
    message_id integer not null,
    chat_id integer not null,
    sender varchar not null,
    content text not null,
    timestamp timestamp
);

create table model_usage (
    usage_id integer not null,
    user_id integer,
    chat_id integer,
    model_name varchar(100) not null,
    provider varchar(50) not null,
    prompt_tokens integer,
    completion_tokens integer,
    total_tokens integer,
    query_size integer,
    response_size integer,
    cost double precision,
    timestamp timestamp,
    is_streaming boolean,
    request_time_ms integer
);

create table code_executions (
    execution_id integer not null,
    message_id integer,
    chat_id integer,
    user_id integer,
    initial_code text,
    latest_code text,
    is_successful boolean,
    output text,
    model_provider varchar(50),
    model_name varchar(100),
    model_temperature double precision,
    model_max_tokens integer,
    failed_agents text,
    error_messages text,
    created_at timestamp,
    updated_at timestamp
);

create table message_feedback (
    feedback_id integer not null,
    message_id integer not null,
    rating integer,
    model_name varchar(100),
    model_provider varchar(50),
    temperature double precision,
    max_tokens integer,
    created_at timestamp,
    updated_at timestamp
);
