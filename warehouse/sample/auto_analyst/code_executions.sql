-- Up to three runs of generated code in each of the chats number first_row to last_row.
insert into code_executions (
    execution_id, message_id, chat_id, user_id, initial_code, latest_code, is_successful, output,
    model_provider, model_name, model_temperature, model_max_tokens, failed_agents, error_messages,
    created_at, updated_at
)
with

chatted as materialized (
    select
        chat_id,
        user_id,
        created_at,
        get_byte(
            pg_temp.sample_hash(
                cast(%(seed)s as bigint), 'code_executions of chat', cast(chat_id as text)
            ),
            0
        ) as draw
    from chats
    where
        chat_id >= cast(%(reserved)s as bigint) + cast(%(first_row)s as bigint)
        and chat_id <= cast(%(reserved)s as bigint) + cast(%(last_row)s as bigint)
),

hashed as materialized (
    select
        chatted.chat_id,
        chatted.user_id,
        chatted.created_at,
        run.number as run_number,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'code_executions', chatted.chat_id || '/' || run.number
        ) as hash
    from chatted
    cross join lateral generate_series(
        1,
        case
            when chatted.draw < 140 then 0
            when chatted.draw < 210 then 1
            when chatted.draw < 240 then 2
            else 3
        end
    ) as run (number)
),

drawn as (
    select
        chat_id,
        user_id,
        run_number,
        hash,
        case
            when get_byte(hash, 0) < 190 then true
            when get_byte(hash, 0) < 250 then false
        end as is_successful,
        -- What ran in the end may have failed before.
        get_byte(hash, 0) >= 175 as has_failed,
        (array[
            'data_viz_agent', 'preprocessing_agent', 'statistical_analytics_agent',
            'sk_learn_agent', 'planner_data_viz_agent'
        ])[1 + mod(get_byte(hash, 1), 5)] as agent,
        case when get_byte(hash, 2) < 32 then 'feature_engineering_agent' end as second_agent,
        'import pandas as pd' || chr(10)
        || repeat('df = df.dropna()' || chr(10), get_byte(hash, 3) / 5) as code,
        least(
            created_at + (run_number * 3600 + get_byte(hash, 4)) * interval '40 milliseconds',
            cast(%(until)s as timestamp)
        ) as started_at
    from hashed
)

select
    cast(%(reserved)s as bigint)
    + (drawn.chat_id - cast(%(reserved)s as bigint) - 1) * 3
    + drawn.run_number as execution_id,
    2 * drawn.chat_id - cast(%(reserved)s as bigint) as message_id,
    drawn.chat_id,
    drawn.user_id,
    drawn.code as initial_code,
    case when drawn.has_failed then drawn.code || '# repaired' || chr(10) else drawn.code end
        as latest_code,
    drawn.is_successful,
    case when drawn.is_successful then 'done' else first_error.error_text end as output,
    kind.provider as model_provider,
    kind.model as model_name,
    case when get_byte(drawn.hash, 7) < 128 then 0.7 else 1.0 end as model_temperature,
    6000 as model_max_tokens,
    case
        when drawn.has_failed and drawn.second_agent is null
            then cast(jsonb_build_array(drawn.agent) as text)
        when drawn.has_failed
            then cast(jsonb_build_array(drawn.agent, drawn.second_agent) as text)
    end as failed_agents,
    case
        when drawn.has_failed and drawn.second_agent is null
            then cast(jsonb_build_object(drawn.agent, first_error.error_text) as text)
        when drawn.has_failed
            then
                cast(
                    jsonb_build_object(
                        drawn.agent, first_error.error_text,
                        drawn.second_agent, second_error.error_text
                    ) as text
                )
    end as error_messages,
    drawn.started_at as created_at,
    least(drawn.started_at + interval '20 seconds', cast(%(until)s as timestamp)) as updated_at
from drawn
inner join sample_kind_picks as kind_pick
    on kind_pick.pick = pg_temp.sample_draw_12_bits(drawn.hash, 5)
inner join sample_kinds as kind
    on kind.kind = kind_pick.kind
inner join sample_errors as first_error
    on first_error.error_number = get_byte(drawn.hash, 8) & 15
inner join sample_errors as second_error
    on second_error.error_number = get_byte(drawn.hash, 9) & 15
