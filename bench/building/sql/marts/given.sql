-- What the statements are given and does not count: the price of each name of a model, the price that
-- its list has for standard processing, and the credits of each model.
create schema bench_floor;

create table bench_floor.prices as
select
    matches.source_system as request_system,
    matches.provider as request_provider,
    matches.raw_model as request_model,
    matches.processing as request_processing,
    prices.*
from bench_names.matches
inner join usage_build.int_model_prices as prices
    on
        matches.price_list = prices.price_list
        and matches.price_provider = prices.provider
        and matches.price_model = prices.model
        and matches.price_processing = prices.processing;

create table bench_floor.list_prices as
select
    matches.source_system as request_system,
    matches.provider as request_provider,
    matches.raw_model as request_model,
    matches.processing as request_processing,
    prices.*
from bench_names.matches
inner join usage_build.int_model_prices as prices
    on
        matches.price_list = prices.price_list
        and matches.price_provider = prices.provider
        and matches.price_model = prices.model
        and prices.processing = 'standard';

create table bench_floor.tiers as
select
    model_tiers.model,
    credit_tiers.credit_tier,
    credit_tiers.credits_per_request
from usage_build.credit_tiers
left join usage_build.model_tiers
    on model_tiers.credit_tier = credit_tiers.credit_tier
where model_tiers.model is not null or credit_tiers.credit_tier = 'tier1';

analyze bench_floor.prices;
analyze bench_floor.list_prices;
analyze bench_floor.tiers;
