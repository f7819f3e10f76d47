-- The chats in which the requests were made, as far as they are still there.
insert into chats (chat_id, user_id, title, created_at)
select
    chat_id,
    min(user_id) as user_id,
    case mod(chat_id, 5)
        when 0 then 'New Chat'
        when 1 then 'Sales by region'
        when 2 then 'Churn drivers'
        when 3 then 'Forecast ' || chat_id
        else 'Data quality check'
    end as title,
    min(timestamp) - interval '2 seconds' as created_at
from model_usage
where
    usage_id > cast(%(reserved)s as bigint)
    and chat_id is not null
group by chat_id
