-- What the rows of this source are drawn from; temporary.

-- Prices are in USD per 1,000,000,000,000 tokens, so that whole numbers do; us_per_token is the
-- time a completion token takes.
drop table if exists pg_temp.sample_kinds;
create temporary table sample_kinds (
    kind integer primary key,
    weight bigint not null,
    provider text not null,
    model text not null,
    prompt_price bigint not null,
    completion_price bigint not null,
    us_per_token integer not null
);

drop table if exists pg_temp.sample_kind_picks;
create temporary table sample_kind_picks (
    pick integer primary key,
    kind integer not null
);

drop table if exists pg_temp.sample_errors;
create temporary table sample_errors (
    error_number integer primary key,
    error_text text not null
);
