-- Everybody who can be drawn.
insert into users (user_id, username, email, created_at)
select
    user_number.number as user_id,
    'analyst' || user_number.number as username,
    'analyst' || user_number.number || '@example.com' as email,
    cast(%(starts_at)s as timestamp) as created_at
from generate_series(1, 2048) as user_number (number)
