-- 4,096 tickets shared out among the projects, so that 12 random bits choose one. Project n of
-- organisation m gets 1/(n * m) of what the very first gets; the last organisation gets nothing.
insert into sample_project_picks (pick, organization_id, project_id)
with

ranked as (
    select
        id,
        organization_id,
        row_number() over (partition by organization_id order by id) as project_number
    from project
    where organization_id < (select max(id) from organization)
),

weighted as (
    select
        id,
        organization_id,
        row_number() over (order by id) as choice,
        cast(720720 / (organization_id * project_number) as bigint) as weight
    from ranked
),

tickets as (
    select
        ticket.choice,
        ticket.pick
    from (select array_agg(weight order by id) as weights from weighted) as listed
    cross join lateral pg_temp.sample_tickets(listed.weights) as ticket
)

select
    tickets.pick,
    weighted.organization_id,
    weighted.id as project_id
from tickets
inner join weighted on tickets.choice = weighted.choice
