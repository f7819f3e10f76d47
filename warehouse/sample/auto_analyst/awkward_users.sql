-- The users of the awkward cases. The first ids of every table belong to awkward rows.
insert into users (user_id, username, email, created_at)
select
    numbers.user_id,
    -- Two users with one name.
    case when numbers.user_id in (12, 13) then 'namesake' else 'awkward' || numbers.user_id end
        as username,
    'awkward' || numbers.user_id || '@example.com' as email,
    case when numbers.user_id <> 14 then cast(%(until)s as timestamp) - interval '13 months' end
        as created_at
from (
    select generate_series(1, 24) as user_id
    union all
    -- Their equal tokens make the order of their numbers count.
    select generate_series(92, 103) as user_id
) as numbers
