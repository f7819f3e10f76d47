-- The users of the awkward cases. The first ids of every table belong to awkward rows.
insert into users (
    id, email, username, full_name, is_active, is_superuser, created_at, updated_at
)
select
    cases.id,
    cases.label || '@example.com' as email,
    'awkward/' || cases.label as username,
    cast(null as varchar) as full_name,
    cases.is_active,
    cases.is_superuser,
    cast(%(until)s as timestamp) - interval '15 months' as created_at,
    cast(%(until)s as timestamp) - interval '15 months' as updated_at
from (
    values
        (1, 'owner', true, false),
        (2, 'other', true, false),
        (3, 'inactive', false, false),
        (4, 'flags-null', null, null),
        (5, 'superuser', true, true),
        (6, 'without-anything', true, false),
        (9, 'tie-nine', true, false),
        (10, 'tie-ten', true, false)
) as cases (id, label, is_active, is_superuser)
