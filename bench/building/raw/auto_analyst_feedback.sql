-- Stars for the answer of every fourth chat that began with a request number first_row to last_row.
insert into message_feedback (
    feedback_id, message_id, rating, model_name, model_provider, temperature, max_tokens,
    created_at, updated_at
)
select
    chats.chat_id as feedback_id,
    2 * chats.chat_id + 1 as message_id,
    (array[5, 5, 5, 4, 4, 3, 1, null])[
        1 + pg_temp.bench_bits(
            pg_temp.bench_draw(chats.chat_id, cast(%(seed)s as bigint), 10), 0, 3
        )
    ] as rating,
    kind.model as model_name,
    kind.provider as model_provider,
    0.7 as temperature,
    6000 as max_tokens,
    chats.created_at + interval '90 seconds' as created_at,
    chats.created_at + interval '90 seconds' as updated_at
from chats
inner join sample_kind_picks as kind_pick
    on kind_pick.pick = mod(chats.chat_id, 4096)
inner join sample_kinds as kind
    on kind.kind = kind_pick.kind
where
    chats.chat_id * 6 between cast(%(first_row)s as bigint) and cast(%(last_row)s as bigint)
    and mod(chats.chat_id, 4) = 0
