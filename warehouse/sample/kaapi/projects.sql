-- One row per project: six in the first organisation, one to six in the others, the same few names
-- everywhere, so that a project is only known together with its organisation.
insert into project (id, organization_id, name, is_active, inserted_at, updated_at)
with

organizations as (
    select
        id,
        inserted_at,
        pg_temp.sample_hash(cast(%(seed)s as bigint), 'project', cast(id as text)) as hash
    from organization
),

numbered as (
    select
        organizations.id as organization_id,
        organizations.inserted_at,
        project_number.number
    from organizations
    cross join lateral generate_series(
        1,
        case when organizations.id = 1 then 6 else 1 + mod(get_byte(organizations.hash, 16), 6) end
    ) as project_number (number)
),

final as (
    select
        cast(row_number() over (order by organization_id, number) as integer) as id,
        organization_id,
        (array[
            'Default', 'Tutor bot', 'Voice line', 'Field survey', 'Back office', 'Experiments'
        ])[number] as name,
        number <> 6 as is_active,
        inserted_at + number * interval '1 minute' as inserted_at,
        inserted_at + number * interval '2 minutes' as updated_at
    from numbered
)

select
    id,
    organization_id,
    name,
    is_active,
    inserted_at,
    updated_at
from final
