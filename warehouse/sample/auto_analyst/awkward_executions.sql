-- Runs of awkward cases, told in output as 'awkward/<case>'; present whatever the number of rows. A
-- case without a time of its own lies in the last six days.
insert into code_executions (
    execution_id, message_id, chat_id, user_id, initial_code, latest_code, is_successful, output,
    model_provider, model_name, model_temperature, model_max_tokens, failed_agents, error_messages,
    created_at, updated_at
)
with

-- One error text for each category, and texts that would fit several: the order decides.
error_texts (number, label, error_text) as (
    values
        (1, 'name-error', 'NameError: name ''df'' is not defined'),
        (2, 'name-of-import', 'ImportError: cannot import name ''x'' from ''y'''),
        (3, 'name-in-value-error', 'ValueError: column name ''price'' is taken'),
        (4, 'name-without-space', 'ValueError: the name''s too long'),
        (5, 'syntax-error', 'SyntaxError: invalid syntax'),
        (6, 'syntax-before-indent', 'SyntaxError: bad indent'),
        (7, 'type-error', 'TypeError: unsupported operand type(s) for +'),
        (8, 'attribute-error', 'AttributeError: no attribute ''x'' in memory'),
        (9, 'index-error', 'IndexError: list index out of range'),
        (10, 'key-error', 'KeyError: ''memory'''),
        (11, 'import-error', 'ImportError: DLL load failed'),
        (12, 'module-not-found', 'ModuleNotFoundError: No module named ''x'''),
        (13, 'value-error', 'ValueError: unsupported operand'),
        (14, 'operation-error', 'unsupported operand for these columns'),
        (15, 'indentation-error', 'IndentationError: unexpected indent'),
        (16, 'permission-error', 'PermissionError: [Errno 13] Permission denied'),
        (17, 'file-not-found', 'FileNotFoundError: [Errno 2] a.csv'),
        (18, 'file-not-found-by-permission', 'FileNotFoundError: no permission to look'),
        (19, 'memory-error', 'MemoryError'),
        (20, 'memory-before-timeout', 'out of memory before the timeout'),
        (21, 'timeout-error', 'TimeoutError: the run took too long'),
        (22, 'timed-out', 'The run timed out'),
        (23, 'other-error', 'Something else went wrong'),
        (24, 'upper-case', 'KEYERROR: ''A'''),
        (25, 'empty-text', '')
),

-- JSON that is an object with other values than texts, and what is no object or no JSON at all.
error_documents (number, label, document) as (
    values
        (1, 'number', '{"data_viz_agent": 42}'),
        (2, 'json-null', '{"data_viz_agent": null}'),
        (3, 'boolean', '{"data_viz_agent": true}'),
        (4, 'array', '{"data_viz_agent": ["TypeError: x", "KeyError"]}'),
        (5, 'object', '{"data_viz_agent": {"type": "KeyError", "args": []}}'),
        (6, 'several-agents', '{"a_agent": "TypeError", "b_agent": "TypeError", "c_agent": "x"}'),
        (7, 'agent-without-name', '{"": "KeyError"}'),
        (8, 'agent-twice', '{"data_viz_agent": "TypeError", "data_viz_agent": "KeyError"}'),
        (9, 'spaces-around', '  {"data_viz_agent": "KeyError"}  '),
        (10, 'escapes', '{"data_viz_agent": "KeyError: \u0027\u00fc\u0027\n\tline"}'),
        (11, 'empty-object', '{}'),
        (12, 'not-an-object-array', '["KeyError"]'),
        (13, 'not-an-object-text', '"KeyError"'),
        (14, 'not-an-object-number', '42'),
        (15, 'not-an-object-null', 'null'),
        (16, 'broken', '{"data_viz_agent": "KeyErr'),
        (17, 'single-quotes', '{''data_viz_agent'': ''KeyError''}'),
        (18, 'not-a-number', '{"data_viz_agent": NaN}'),
        (19, 'trailing-comma', '{"data_viz_agent": "KeyError",}'),
        (20, 'no-json', 'KeyError in data_viz_agent'),
        (21, 'nothing', ''),
        (22, 'null', null)
),

agent_documents (number, label, document) as (
    values
        (1, 'one', '["data_viz_agent"]'),
        (2, 'repeats', '["data_viz_agent", "data_viz_agent", "sk_learn_agent"]'),
        (3, 'no-texts', '[1, null, true, {"agent": "x"}, ["y"], "sk_learn_agent"]'),
        (4, 'only-no-texts', '[1, null]'),
        (5, 'empty-text', '["", "sk_learn_agent"]'),
        (6, 'odd-case', '["Data_Viz_Agent"]'),
        (7, 'empty', '[]'),
        (8, 'object', '{"agent": "data_viz_agent"}'),
        (9, 'text', '"data_viz_agent"'),
        (10, 'number', '42'),
        (11, 'json-null', 'null'),
        (12, 'broken', '["data_viz_agent",'),
        (13, 'single-quotes', '[''data_viz_agent'']'),
        (14, 'no-json', 'data_viz_agent'),
        (15, 'nothing', ''),
        (16, 'null', null)
),

-- Both documents together: one must not hide the other, and success counts no failure.
outcome_cases (number, label, is_successful, failed_agents, error_messages) as (
    values
        (1, 'successful', true, null, null),
        (2, 'successful-in-the-end', true, '["data_viz_agent"]', '{"data_viz_agent": "KeyError"}'),
        (3, 'unknown', null, '["data_viz_agent"]', '{"data_viz_agent": "KeyError"}'),
        (4, 'unknown-without-documents', null, null, null),
        (5, 'failed-without-documents', false, null, null),
        (6, 'agents-broken', false, '["data_viz', '{"data_viz_agent": "KeyError"}'),
        (7, 'errors-broken', false, '["data_viz_agent"]', '{"data_viz'),
        (8, 'both-broken', false, '[', '{')
),

code_cases (number, label, initial_code, latest_code) as (
    values
        (1, 'code-null', null, null),
        (2, 'code-empty', '', ''),
        (3, 'code-499', repeat('x', 499), repeat('y', 499)),
        (4, 'code-500', repeat('x', 500), repeat('y', 500)),
        (5, 'code-501', repeat('x', 501), repeat('y', 501)),
        (6, 'code-accents', repeat('é', 500), repeat('é', 501)),
        (7, 'code-emoji', repeat('🚀', 499), repeat('🚀', 600)),
        (8, 'code-lines', repeat('x = 1' || chr(10), 120), null)
),

-- Where the windows begin and end, one microsecond to either side, and after `until`.
moment_cases as (
    select
        edge.number * 3 + side.number as number,
        edge.label || side.label as label,
        cast(%(until)s as timestamp)
        - edge.distance
        + side.number * interval '1 microsecond' as started_at
    from (
        values
            (1, 'as-of', interval '0'),
            (2, 'week-ago', interval '7 days'),
            (3, 'month-ago', interval '30 days'),
            (4, 'quarter-ago', interval '90 days'),
            (5, 'future', interval '-2 days')
    ) as edge (number, label, distance)
    cross join (
        values
            (-1, '-just-before'),
            (0, ''),
            (1, '-just-after')
    ) as side (number, label)
),

cases as (
    select
        1 as case_group,
        number,
        'error/' || label as label,
        false as is_successful,
        '["data_viz_agent"]' as failed_agents,
        cast(jsonb_build_object('data_viz_agent', error_text) as text) as error_messages,
        'x = 1' as initial_code,
        'x = 2' as latest_code,
        cast(null as timestamp) as started_at
    from error_texts
    union all
    select
        2 as case_group,
        number,
        'errors/' || label as label,
        false as is_successful,
        '["data_viz_agent"]' as failed_agents,
        document as error_messages,
        'x = 1' as initial_code,
        'x = 2' as latest_code,
        cast(null as timestamp) as started_at
    from error_documents
    union all
    select
        3 as case_group,
        number,
        'agents/' || label as label,
        false as is_successful,
        document as failed_agents,
        '{"data_viz_agent": "KeyError"}' as error_messages,
        'x = 1' as initial_code,
        'x = 2' as latest_code,
        cast(null as timestamp) as started_at
    from agent_documents
    union all
    select
        4 as case_group,
        number,
        'outcome/' || label as label,
        is_successful,
        failed_agents,
        error_messages,
        'x = 1' as initial_code,
        'x = 2' as latest_code,
        cast(null as timestamp) as started_at
    from outcome_cases
    union all
    select
        5 as case_group,
        number,
        label,
        true as is_successful,
        cast(null as text) as failed_agents,
        cast(null as text) as error_messages,
        initial_code,
        latest_code,
        cast(null as timestamp) as started_at
    from code_cases
    union all
    select
        6 as case_group,
        number,
        label,
        true as is_successful,
        cast(null as text) as failed_agents,
        cast(null as text) as error_messages,
        'x = 1' as initial_code,
        'x = 2' as latest_code,
        started_at
    from moment_cases
    union all
    select
        7 as case_group,
        number,
        label,
        false as is_successful,
        '["data_viz_agent"]' as failed_agents,
        '{"data_viz_agent": "KeyError"}' as error_messages,
        'x = 1' as initial_code,
        'x = 2' as latest_code,
        cast(null as timestamp) as started_at
    from (
        values
            (1, 'user-null'),
            (2, 'user-unknown'),
            (3, 'chat-null'),
            (4, 'message-null'),
            (5, 'message-removed'),
            (6, 'model-null'),
            (7, 'model-unlisted'),
            (8, 'settings-null'),
            (9, 'all-null'),
            (10, 'same-instant'),
            (11, 'same-instant-again')
    ) as owner_cases (number, label)
),

timed as (
    select
        row_number() over (order by case_group, number) as execution_id,
        label,
        is_successful,
        failed_agents,
        error_messages,
        initial_code,
        latest_code,
        coalesce(
            started_at,
            cast(%(until)s as timestamp)
            - interval '1 day'
            -- The last two of their group fall on one instant.
            - (case_group * 30 + case when case_group = 7 then least(number, 10) else number end)
            * interval '30 minutes'
        ) as started_at
    from cases
)

select
    execution_id,
    case
        when label in ('message-null', 'all-null') then null
        when label = 'message-removed' then 190
        else 14
    end as message_id,
    case when label not in ('chat-null', 'all-null') then 14 end as chat_id,
    case
        when label in ('user-null', 'all-null') then null
        when label = 'user-unknown' then 150
        else 2
    end as user_id,
    case when label <> 'all-null' then initial_code end as initial_code,
    case when label <> 'all-null' then latest_code end as latest_code,
    case when label <> 'all-null' then is_successful end as is_successful,
    'awkward/' || label as output,
    case when label not in ('model-null', 'settings-null', 'all-null') then 'openai' end
        as model_provider,
    case
        when label in ('model-null', 'all-null') then null
        when label = 'model-unlisted' then 'gpt-4.1'
        else 'gpt-5'
    end as model_name,
    case when label not in ('settings-null', 'all-null') then 0.7 end as model_temperature,
    case when label not in ('settings-null', 'all-null') then 6000 end as model_max_tokens,
    case when label <> 'all-null' then failed_agents end as failed_agents,
    case when label <> 'all-null' then error_messages end as error_messages,
    started_at as created_at,
    started_at as updated_at
from timed
