-- One row per tenant. The seventh is deactivated but keeps its history; the last never sends a
-- request.
insert into organization (id, name, is_active, inserted_at, updated_at)
with

numbers as (
    select number from generate_series(1, cast(%(organization_count)s as integer)) as n (number)
),

named as (
    select
        number,
        (array[
            'Riverside Learning Trust', 'Northwind Health', 'São Tomé Radio', 'Blue Kite Finance',
            'Open Harvest', 'Civic Desk', 'Lantern Schools', 'Meridian Care',
            'Second Shore', 'Tall Grass Labs', 'Paper Boat Press', 'Common Well'
        ])[number] as name
    from numbers
),

final as (
    select
        number as id,
        coalesce(name, 'Organisation ' || number) as name,
        number <> 7 as is_active,
        cast(%(until)s as timestamp) - interval '27 months' + number * interval '1 hour'
            as inserted_at,
        cast(%(until)s as timestamp) - interval '27 months' + number * interval '2 hours'
            as updated_at
    from named
)

select
    id,
    name,
    is_active,
    inserted_at,
    updated_at
from final
