-- What the rows of this source are drawn from; temporary.
drop table if exists pg_temp.sample_keys;
create temporary table sample_keys (
    key_number integer primary key,
    user_number integer not null,
    has_budget boolean not null
);

drop table if exists pg_temp.sample_key_picks;
create temporary table sample_key_picks (
    pick integer primary key,
    key_number integer not null
);

-- Prices are in USD per 1,000,000,000,000 tokens, so that whole numbers do; us_per_token is the
-- time a response token takes.
drop table if exists pg_temp.sample_kinds;
create temporary table sample_kinds (
    kind integer primary key,
    weight bigint not null,
    method text not null,
    endpoint text not null,
    model text,
    request_scale integer not null,
    response_scale integer not null,
    request_price bigint not null,
    response_price bigint not null,
    base_ms integer not null,
    us_per_token integer not null
);

drop table if exists pg_temp.sample_kind_picks;
create temporary table sample_kind_picks (
    pick integer primary key,
    kind integer not null
);
