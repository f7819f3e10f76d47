-- The owners of the keys; one in twelve has left, and every fifteenth is a superuser.
insert into users (
    id, email, username, full_name, is_active, is_superuser, created_at, updated_at
)
select
    cast(%(reserved)s as bigint) + user_number.number as id,
    'user' || user_number.number || '@example.com' as email,
    'user' || user_number.number as username,
    case when mod(user_number.number, 3) > 0 then 'User ' || user_number.number end as full_name,
    mod(user_number.number, 12) > 0 as is_active,
    mod(user_number.number, 15) = 1 as is_superuser,
    cast(%(until)s as timestamp) - interval '15 months' as created_at,
    cast(%(until)s as timestamp) - mod(user_number.number, 200) * interval '1 day' as updated_at
from generate_series(1, cast(%(user_count)s as integer)) as user_number (number)
