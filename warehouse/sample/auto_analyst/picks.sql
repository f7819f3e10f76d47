-- The odds of drawing a model.
insert into sample_kind_picks (pick, kind)
select
    ticket.pick,
    cast(ticket.choice as integer)
from (select array_agg(weight order by kind) as weights from sample_kinds) as weighted
cross join lateral pg_temp.sample_tickets(weighted.weights) as ticket;

analyze sample_kinds;
analyze sample_kind_picks;
analyze sample_errors;
