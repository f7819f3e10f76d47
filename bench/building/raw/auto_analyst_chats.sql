-- The chats of the requests number first_row to last_row.
insert into chats (chat_id, user_id, title, created_at)
select
    chat_id,
    min(user_id) as user_id,
    'Chat ' || chat_id as title,
    min(timestamp) as created_at
from model_usage
where usage_id between cast(%(first_row)s as bigint) and cast(%(last_row)s as bigint)
group by chat_id
on conflict do nothing
