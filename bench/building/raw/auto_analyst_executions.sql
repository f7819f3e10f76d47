-- A run of code in two of three chats, and a rating of one answer in four.
insert into code_executions (
    execution_id, message_id, chat_id, user_id, initial_code, latest_code, is_successful, output,
    model_provider, model_name, model_temperature, model_max_tokens, failed_agents, error_messages,
    created_at, updated_at
)
with

drawn as (
    select
        chats.chat_id,
        chats.user_id,
        chats.created_at,
        pg_temp.bench_draw(chats.chat_id, cast(%(seed)s as bigint), 9) as draw
    from chats
    where
        chats.chat_id * 6 between cast(%(first_row)s as bigint) and cast(%(last_row)s as bigint)
        and mod(chats.chat_id, 3) > 0
    offset 0
)

select
    drawn.chat_id as execution_id,
    2 * drawn.chat_id + 1 as message_id,
    drawn.chat_id,
    drawn.user_id,
    'import pandas as pd' || repeat(chr(10) || 'df = df.dropna()', 12) as initial_code,
    'import pandas as pd' || repeat(chr(10) || 'df = df.dropna()', 13) as latest_code,
    pg_temp.bench_bits(drawn.draw, 4, 2) > 0 as is_successful,
    'done' as output,
    kind.provider as model_provider,
    kind.model as model_name,
    0.7 as model_temperature,
    6000 as model_max_tokens,
    case
        when pg_temp.bench_bits(drawn.draw, 4, 2) = 0 then '["data_viz_agent"]'
    end as failed_agents,
    case
        when pg_temp.bench_bits(drawn.draw, 4, 2) = 0
            then cast(jsonb_build_object('data_viz_agent', error.error_text) as text)
    end as error_messages,
    drawn.created_at + interval '40 seconds' as created_at,
    drawn.created_at + interval '60 seconds' as updated_at
from drawn
inner join sample_kind_picks as kind_pick
    on kind_pick.pick = pg_temp.bench_bits(drawn.draw, 6, 12)
inner join sample_kinds as kind
    on kind.kind = kind_pick.kind
inner join sample_errors as error
    on error.error_number = pg_temp.bench_bits(drawn.draw, 0, 4)
