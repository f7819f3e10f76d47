-- What the rows of this source are drawn from; temporary.
drop table if exists pg_temp.sample_keys;
create temporary table sample_keys (
    key_number integer primary key,
    user_number integer not null,
    token text not null,
    user_id text not null,
    team_id text not null,
    tags jsonb not null,
    metadata jsonb not null
);

drop table if exists pg_temp.sample_key_picks;
create temporary table sample_key_picks (
    pick integer primary key,
    key_number integer not null
);

-- Prices are in USD per 1,000,000,000,000 tokens and spend is added up in units of 10^-12 USD, so
-- that whole numbers do; us_per_token is the time a completion token takes. The style is how the
-- provider tells the parts of a usage, null where it tells none.
drop table if exists pg_temp.sample_kinds;
create temporary table sample_kinds (
    kind integer primary key,
    weight bigint not null,
    call_type text not null,
    provider text not null,
    model text not null,
    model_group text not null,
    prompt_scale integer not null,
    completion_scale integer not null,
    prompt_price bigint not null,
    completion_price bigint not null,
    base_ms integer not null,
    us_per_token integer not null,
    usage_style text,
    is_reasoning boolean not null
);

drop table if exists pg_temp.sample_kind_picks;
create temporary table sample_kind_picks (
    pick integer primary key,
    kind integer not null
);
