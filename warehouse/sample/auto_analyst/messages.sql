-- Question and answer of the chats number first_row to last_row.
insert into messages (message_id, chat_id, sender, content, timestamp)
select
    2 * chats.chat_id - cast(%(reserved)s as bigint) - side.is_question as message_id,
    chats.chat_id,
    case side.is_question when 1 then 'user' else 'ai' end as sender,
    case
        when side.is_question = 1
            then (array[
                'Which region grew the most last quarter?',
                'Plot revenue by month and tell me what stands out.',
                'Clean the missing values first, then show the distribution of order values. '
                || 'I would like a box plot per product line, and please leave out everything '
                || 'before 2023 because the old system recorded net amounts.',
                'Why did churn rise in March?',
                'Fit a model that predicts the lead score.'
            ])[1 + mod(chats.chat_id, 5)]
        else
            'Here is what I found. '
            || repeat(
                'The strongest effect comes from the product line. ', mod(chats.chat_id, 9)
            )
    end as content,
    least(
        chats.created_at + (2 - side.is_question) * interval '9 seconds',
        cast(%(until)s as timestamp)
    ) as timestamp
from chats
cross join (values (1), (0)) as side (is_question)
where
    chats.chat_id >= cast(%(reserved)s as bigint) + cast(%(first_row)s as bigint)
    and chats.chat_id <= cast(%(reserved)s as bigint) + cast(%(last_row)s as bigint)
