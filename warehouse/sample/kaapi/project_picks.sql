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
        720720 / (organization_id * project_number) as weight
    from ranked
),

cumulated as (
    select
        id,
        organization_id,
        sum(weight) over (order by id) - weight as weight_before,
        sum(weight) over (order by id) as weight_after,
        sum(weight) over () as weight_total
    from weighted
),

final as (
    select
        ticket.pick,
        cumulated.organization_id,
        cumulated.id as project_id
    from cumulated
    cross join lateral generate_series(
        cast(div(cumulated.weight_before * 4096, cumulated.weight_total) as integer),
        cast(div(cumulated.weight_after * 4096, cumulated.weight_total) as integer) - 1
    ) as ticket (pick)
)

select
    pick,
    organization_id,
    project_id
from final
