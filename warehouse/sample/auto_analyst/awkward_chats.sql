-- Chat 9 was removed but not taken out of its requests, chat 6 never led to a request.
insert into chats (chat_id, user_id, title, created_at)
select
    cases.chat_id,
    cases.user_id,
    'awkward/' || cases.label as title,
    cast(%(until)s as timestamp) - interval '6 days' as created_at
from (
    values
        (1, 1, 'one-request'),
        (2, 1, 'no-duration'),
        (3, 1, 'one-time-missing'),
        (4, 1, 'times-missing'),
        (5, null, 'owner-removed'),
        (6, 2, 'no-request'),
        (7, 2, 'two-days'),
        (8, 2, 'fraction-of-a-second'),
        (10, 1, 'two-users'),
        (11, 1, 'rated'),
        (12, 2, 'rated-twice'),
        (13, 2, 'rated-without-stars'),
        (14, 2, 'runs')
) as cases (chat_id, user_id, label)
