-- Stars for a quarter of the answers in the chats number first_row to last_row. Settings are also
-- kept where nobody gave stars.
insert into message_feedback (
    feedback_id, message_id, rating, model_name, model_provider, temperature, max_tokens,
    created_at, updated_at
)
with

hashed as materialized (
    select
        chat_id,
        created_at,
        pg_temp.sample_hash(cast(%(seed)s as bigint), 'message_feedback', cast(chat_id as text))
            as hash
    from chats
    where
        chat_id >= cast(%(reserved)s as bigint) + cast(%(first_row)s as bigint)
        and chat_id <= cast(%(reserved)s as bigint) + cast(%(last_row)s as bigint)
),

drawn as (
    select
        chat_id,
        hash,
        least(
            created_at + (60 + get_byte(hash, 1)) * interval '1 second',
            cast(%(until)s as timestamp)
        ) as rated_at
    from hashed
    where get_byte(hash, 0) < 64
)

select
    drawn.chat_id as feedback_id,
    2 * drawn.chat_id - cast(%(reserved)s as bigint) as message_id,
    (array[5, 5, 5, 5, 5, 5, 4, 4, 4, 4, 3, 3, 2, 1, 1, null])[
        1 + (get_byte(drawn.hash, 2) & 15)
    ] as rating,
    kind.model as model_name,
    kind.provider as model_provider,
    case when get_byte(drawn.hash, 3) < 128 then 0.7 else 1.0 end as temperature,
    6000 as max_tokens,
    drawn.rated_at as created_at,
    drawn.rated_at as updated_at
from drawn
inner join sample_kind_picks as kind_pick
    on kind_pick.pick = pg_temp.sample_draw_12_bits(drawn.hash, 4)
inner join sample_kinds as kind
    on kind.kind = kind_pick.kind
