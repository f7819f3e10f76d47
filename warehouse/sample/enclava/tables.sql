-- Enclava's raw tables, column by column as the definitions list them (SEMANTICS 6.1), with the
-- types that Enclava's own models give them. No foreign keys: the definitions name none, and a
-- warehouse must not rely on them. Keys follow in constraints.sql, after the rows.
create table users (
    id integer not null,
    email varchar not null,
    username varchar not null,
    full_name varchar,
    is_active boolean,
    is_superuser boolean,
    created_at timestamp,
    updated_at timestamp
);

create table api_keys (
    id integer not null,
    user_id integer not null,
    name varchar not null,
    key_hash varchar not null,
    key_prefix varchar not null,
    is_active boolean,
    is_unlimited boolean,
    budget_limit_cents integer,
    total_requests integer,
    total_tokens integer,
    total_cost integer,
    created_at timestamp,
    updated_at timestamp,
    last_used_at timestamp,
    expires_at timestamp
);

create table budgets (
    id integer not null,
    name varchar not null,
    user_id integer not null,
    api_key_id integer,
    limit_cents integer not null,
    current_usage_cents integer,
    is_active boolean,
    is_exceeded boolean,
    warning_threshold_cents integer,
    period_type varchar not null,
    period_start timestamp not null,
    period_end timestamp not null,
    is_warning_sent boolean,
    enforce_hard_limit boolean,
    enforce_warning boolean,
    currency varchar,
    created_at timestamp,
    updated_at timestamp,
    last_reset_at timestamp
);

create table usage_tracking (
    id integer not null,
    api_key_id integer not null,
    user_id integer not null,
    budget_id integer,
    endpoint varchar not null,
    method varchar not null,
    model varchar,
    request_tokens integer,
    response_tokens integer,
    total_tokens integer,
    cost_cents integer,
    response_time_ms integer,
    status_code integer,
    cost_currency varchar,
    request_id varchar,
    session_id varchar,
    ip_address varchar,
    user_agent varchar,
    request_metadata json,
    created_at timestamp
);
