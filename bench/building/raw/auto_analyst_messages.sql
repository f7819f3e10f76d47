-- Question and answer of each chat that began with a request number first_row to last_row.
insert into messages (message_id, chat_id, sender, content, timestamp)
select
    2 * chats.chat_id + side.number as message_id,
    chats.chat_id,
    case side.number when 0 then 'user' else 'ai' end as sender,
    case side.number
        when 0 then 'Which region grew the most last quarter?'
        else 'Here is what I found. ' || repeat(
            'The strongest effect comes from the product line. ',
            cast(mod(chats.chat_id, 9) as integer)
        )
    end as content,
    chats.created_at + side.number * interval '9 seconds' as timestamp
from chats
cross join generate_series(0, 1) as side (number)
where
    chats.chat_id * 6 between cast(%(first_row)s as bigint) and cast(%(last_row)s as bigint)
