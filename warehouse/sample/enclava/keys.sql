-- One to three keys per user; some users and some keys have a budget.
insert into sample_keys (key_number, user_number, has_budget)
select
    row_number() over (order by key_of_user.number, user_number.number) as key_number,
    user_number.number as user_number,
    mod(user_number.number + key_of_user.number, 3) = 0 as has_budget
from generate_series(1, cast(%(user_count)s as integer)) as user_number (number)
cross join lateral generate_series(1, 1 + mod(user_number.number, 3)) as key_of_user (number)
