-- Which price each name of a model has, as far as builds have met it: one after changes looks up the
-- names of changed rows only.
create schema if not exists bench_names;

create table if not exists bench_names.matches (like usage_build.int_model_price_matches);

insert into bench_names.matches
select met.*
from usage_build.int_model_price_matches as met
where not exists (
    select 1
    from bench_names.matches as known
    where
        known.source_system = met.source_system
        and known.provider = met.provider
        and known.raw_model = met.raw_model
        and known.processing = met.processing
);
