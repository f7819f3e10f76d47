-- Everybody who signed up and was not removed, before the first request or without ever making one.
insert into users (user_id, username, email, created_at)
with

first_requests as (
    select
        user_id,
        min(timestamp) as requested_at
    from model_usage
    where user_id > cast(%(reserved)s as bigint)
    group by 1
)

select
    cast(%(reserved)s as bigint) + user_number.number as user_id,
    'analyst' || mod(user_number.number, 700) as username,
    'analyst' || user_number.number || '@example.com' as email,
    coalesce(
        first_requests.requested_at - (5 + mod(user_number.number, 1000)) * interval '1 minute',
        cast(%(until)s as timestamp) - mod(user_number.number * 37, 365) * interval '1 day'
    ) as created_at
from generate_series(1, cast(%(user_count)s as integer)) as user_number (number)
left join first_requests
    on first_requests.user_id = cast(%(reserved)s as bigint) + user_number.number
where mod(user_number.number, 40) < 39
