-- Requests number first_row to last_row. Of 24 that follow each other four chats get some each, and
-- everything about a chat follows from its number. The number of users grows with time.
insert into model_usage (
    usage_id, user_id, chat_id, model_name, provider, prompt_tokens, completion_tokens,
    total_tokens, query_size, response_size, cost, timestamp, is_streaming, request_time_ms
)
with

-- Materialized, here and below: otherwise the planner repeats a hash at every use of it.
hashed as materialized (
    select
        numbered.row_number,
        numbered.starts_at,
        numbered.length_us,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'model_usage', cast(numbered.row_number as text)
        ) as hash
    from pg_temp.sample_rows(
        'model_usage', cast(%(first_row)s as bigint), cast(%(last_row)s as bigint)
    ) as numbered
),

chatted as materialized (
    select
        row_number,
        1 + (row_number - 1) / 24 * 4 + (get_byte(hash, 0) & 3) as chat_number
    from hashed
),

chats as materialized (
    select
        numbers.chat_number,
        12
        + (cast(%(user_count)s as bigint) - 12)
        * numbers.chat_number
        / cast(%(chat_count)s as bigint) as users_so_far,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'chats', cast(numbers.chat_number as text)
        ) as hash
    from (select distinct chat_number from chatted) as numbers
),

-- The product of two draws favours the users who came first.
peopled as (
    select
        chat_number,
        hash,
        1
        + (
            users_so_far
            * pg_temp.sample_draw_12_bits(hash, 0)
            * pg_temp.sample_draw_12_bits(hash, 2)
            >> 24
        ) as user_number
    from chats
),

drawn as materialized (
    select
        hashed.row_number,
        hashed.hash,
        peopled.chat_number,
        peopled.user_number,
        -- A chat that was removed leaves its requests behind.
        get_byte(peopled.hash, 4) < 8 as is_chat_removed,
        kind_pick.kind,
        pg_temp.sample_draw_tokens(hashed.hash, 4, 1400) as prompt_tokens,
        case
            when get_byte(hashed.hash, 8) = 0 then null
            when get_byte(hashed.hash, 8) < 11 then 0
            else pg_temp.sample_draw_tokens(hashed.hash, 6, 420)
        end as completion_tokens,
        pg_temp.sample_instant(hashed.hash, 16, hashed.starts_at, hashed.length_us) as requested_at
    from hashed
    inner join chatted
        on chatted.row_number = hashed.row_number
    inner join peopled
        on peopled.chat_number = chatted.chat_number
    -- One request in five leaves the model of its chat.
    inner join sample_kind_picks as kind_pick
        on kind_pick.pick = case
            when get_byte(hashed.hash, 9) < 51 then pg_temp.sample_draw_12_bits(hashed.hash, 10)
            else pg_temp.sample_draw_12_bits(peopled.hash, 6)
        end
)

select
    cast(%(reserved)s as bigint) + drawn.row_number as usage_id,
    -- One user in forty was removed.
    case
        when mod(drawn.user_number, 40) < 39 then cast(%(reserved)s as bigint) + drawn.user_number
    end as user_id,
    case when not drawn.is_chat_removed then cast(%(reserved)s as bigint) + drawn.chat_number end
        as chat_id,
    kind.model as model_name,
    kind.provider,
    drawn.prompt_tokens,
    drawn.completion_tokens,
    drawn.prompt_tokens + coalesce(drawn.completion_tokens, 0) as total_tokens,
    drawn.prompt_tokens * 4 as query_size,
    coalesce(drawn.completion_tokens, 0) * 4 as response_size,
    cast(
        drawn.prompt_tokens * kind.prompt_price
        + coalesce(drawn.completion_tokens, 0) * kind.completion_price
        as double precision
    ) / 1000000000000 as cost,
    drawn.requested_at as timestamp,
    get_byte(drawn.hash, 12) < 100 as is_streaming,
    case get_byte(drawn.hash, 13)
        when 0 then null
        when 1 then 0
        else
            (600 + coalesce(drawn.completion_tokens, 0) * kind.us_per_token / 1000)
            * (160 + get_byte(drawn.hash, 14))
            / 288
    end as request_time_ms
from drawn
inner join sample_kinds as kind
    on kind.kind = drawn.kind
