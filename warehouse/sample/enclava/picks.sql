-- The odds of drawing a key or a kind of request. Key n sends 1/n of what the first one sends; the
-- last ones may stay silent.
insert into sample_key_picks (pick, key_number)
select
    ticket.pick,
    cast(ticket.choice as integer)
from (
    select array_agg(cast(720720 / key_number as bigint) order by key_number) as weights
    from sample_keys
) as weighted
cross join lateral pg_temp.sample_tickets(weighted.weights) as ticket;

insert into sample_kind_picks (pick, kind)
select
    ticket.pick,
    cast(ticket.choice as integer)
from (select array_agg(weight order by kind) as weights from sample_kinds) as weighted
cross join lateral pg_temp.sample_tickets(weighted.weights) as ticket;

analyze sample_keys;
analyze sample_key_picks;
analyze sample_kinds;
analyze sample_kind_picks;
