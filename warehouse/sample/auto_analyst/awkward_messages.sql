-- Messages whose previews are cut or just not, and one the user wrote.
insert into messages (message_id, chat_id, sender, content, timestamp)
select
    cases.message_id,
    cases.chat_id,
    cases.sender,
    cases.content,
    cast(%(until)s as timestamp) - interval '5 days' + cases.message_id * interval '1 minute'
        as timestamp
from (
    values
        (1, 11, 'ai', repeat('a', 199)),
        (2, 11, 'ai', repeat('a', 200)),
        (3, 11, 'ai', repeat('a', 201)),
        (4, 11, 'ai', repeat('é', 200) || '!'),
        (5, 11, 'ai', repeat('🚀', 250)),
        (6, 11, 'ai', repeat('two' || chr(10) || 'lines ', 30)),
        (7, 11, 'ai', ''),
        (8, 11, 'user', 'What does this column mean?'),
        (9, 11, 'ai', 'Short.'),
        (10, 11, 'ai', 'Short, too.'),
        (11, 12, 'ai', 'First of two in a chat.'),
        (12, 12, 'ai', 'Second of two in a chat.'),
        (13, 13, 'ai', 'Nobody gave stars for this.'),
        (14, 14, 'ai', 'The code follows.')
) as cases (message_id, chat_id, sender, content)
