-- Share the rows of one population over the hours of the history: traffic grows fourfold from the
-- first day to the last, keeps office hours (UTC) and rests at weekends.
-- An hour's rows follow from cumulated weights, so the shares add up to row_count exactly.
insert into sample_slots (population, first_row, last_row, starts_at, length_us)
with

history as (
    select
        cast(%(until)s as timestamp) - cast(%(history)s as interval) as starts_at,
        cast(%(until)s as timestamp) as ends_at
),

hours as (
    select
        greatest(hour.starts_at, history.starts_at) as starts_at,
        least(hour.starts_at + interval '1 hour', history.ends_at) as ends_at,
        row_number() over (order by hour.starts_at) as hour_number,
        count(*) over () as hour_count
    from history
    cross join lateral generate_series(
        date_trunc('hour', history.starts_at),
        history.ends_at,
        interval '1 hour'
    ) as hour (starts_at)
),

measured as (
    select
        starts_at,
        hour_number,
        hour_count,
        cast(extract(epoch from ends_at - starts_at) * 1000000 as bigint) as length_us
    from hours
),

weighted as (
    select
        starts_at,
        length_us,
        cast(100 + 300 * hour_number / hour_count as numeric)
        * (array[10, 10, 11, 10, 9, 4, 3])[cast(extract(isodow from starts_at) as integer)]
        * (array[2, 1, 1, 2, 4, 7, 9, 10, 10, 9, 10, 12, 12, 11, 9, 8, 7, 6, 6, 5, 4, 4, 3, 2])[
            1 + cast(extract(hour from starts_at) as integer)
        ]
        * length_us as weight
    from measured
    where length_us > 0
),

cumulated as (
    select
        starts_at,
        length_us,
        sum(weight) over (order by starts_at) - weight as weight_before,
        sum(weight) over (order by starts_at) as weight_after,
        sum(weight) over () as weight_total
    from weighted
),

final as (
    select
        cast(%(population)s as text) as population,
        div(weight_before * cast(%(row_count)s as bigint), weight_total) + 1 as first_row,
        div(weight_after * cast(%(row_count)s as bigint), weight_total) as last_row,
        starts_at,
        length_us
    from cumulated
)

select
    population,
    first_row,
    last_row,
    starts_at,
    length_us
from final
where last_row >= first_row
