-- Requests of awkward cases, numbered from 1; present whatever the number of rows. A case that says
-- nothing about its time lies in the last three days.
insert into model_usage (
    usage_id, user_id, chat_id, model_name, provider, prompt_tokens, completion_tokens,
    total_tokens, query_size, response_size, cost, timestamp, is_streaming, request_time_ms
)
with

moments as (
    select
        cast(%(until)s as timestamp) as as_of,
        date_trunc('day', cast(%(until)s as timestamp)) as midnight
),

-- Where windows, days and months begin and end, one microsecond to either side. Users 3 to 8 have
-- their first requests there: they are new in a window, or just not.
edges as (
    select
        edge.number,
        edge.starts_at,
        edge.user_before,
        edge.user_from_then
    from moments
    cross join lateral (
        values
            (1, moments.as_of - interval '7 days', 3, 4),
            (2, moments.as_of - interval '30 days', 5, 6),
            (3, moments.as_of - interval '90 days', 7, 8),
            (4, moments.midnight, 1, 1),
            (5, moments.midnight - interval '1 day', 1, 1),
            (6, moments.midnight - interval '30 days', 1, 1),
            (7, date_trunc('month', moments.as_of), 1, 1),
            (8, moments.as_of, 1, 1)
    ) as edge (number, starts_at, user_before, user_from_then)
),

edge_cases as (
    select
        edges.number * 3 + side.number as number,
        case when side.number < 0 then edges.user_before else edges.user_from_then end as user_id,
        edges.starts_at + side.number * interval '1 microsecond' as requested_at
    from edges
    cross join (values (-1), (0), (1)) as side (number)
),

-- The models of the credit tiers, and names that are none of them.
model_names (name) as (
    values
        ('gpt-4.1'), ('GPT-5'), ('gpt-5 '), (' gpt-5'), ('gpt-5-mini-2025-08-07'), ('gpt-5.2-Pro'),
        ('openai/gpt-5'), ('modèle-Δ'), ('')
),

model_cases as (
    select
        row_number() over (order by names.name collate "C") as number,
        names.name as model
    from (
        select model as name
        from sample_kinds
        union
        select name
        from model_names
    ) as names
),

value_cases (
    number, model, provider, prompt_tokens, completion_tokens, total_tokens, cost, request_time_ms
) as (
    values
        (1, 'gpt-5', 'openai', null, 100, 100, '0.001', 900),
        (2, 'gpt-5', 'openai', 500, null, 500, '0.001', 900),
        (3, 'gpt-5', 'openai', 500, 100, null, '0.001', 900),
        (4, 'gpt-5', 'openai', null, null, null, null, null),
        (5, 'gpt-5', 'openai', 500, 100, 600, null, 900),
        (6, 'gpt-5', 'openai', 500, 100, 600, '0', 900),
        (7, 'gpt-5', 'openai', 500, 100, 600, '0.0000000000004', 900),
        (8, 'gpt-5', 'openai', 500, 100, 600, '0.30000000000000004', 900),
        (9, 'gpt-5', 'openai', 500, 100, 600, '0.001', null),
        (10, 'gpt-5', 'openai', 500, 100, 600, '0.001', 0),
        (11, 'gpt-5', 'openai', 500, 100, 600, '0.001', 1),
        (12, 'gpt-5', 'openai', 500, 100, 600, '0.001', 3600000),
        (13, 'gpt-5', 'openai', 500, 0, 500, '0.001', 900),
        (14, 'gpt-5', 'openai', 500, 1, 501, '0.001', 900),
        (15, 'gpt-5', 'openai', 0, 0, 0, '0.001', 900),
        (16, 'gpt-5', 'openai', 500, 100, 777, '0.001', 900),
        (17, 'gpt-5', '', 500, 100, 600, '0.001', 900),
        -- Models of which something is always missing: no sum, no mean, no success.
        (18, 'awkward/tokens-missing', 'openai', null, null, null, '0.001', 900),
        (19, 'awkward/tokens-missing', 'openai', null, null, null, '0.001', 900),
        (20, 'awkward/cost-missing', 'openai', 500, 100, 600, null, 900),
        (21, 'awkward/time-missing', 'openai', 500, 100, 600, '0.001', null),
        (22, 'awkward/time-zero', 'openai', 500, 100, 600, '0.001', 0),
        (23, 'awkward/no-answer', 'openai', 500, 0, 500, '0.001', 900),
        (24, 'awkward/no-tokens', 'openai', 0, 0, 0, '0', 900),
        (25, 'awkward/tie-b', 'openai', 500, 100, 600, '0.001', 900),
        (26, 'awkward/tie-a', 'openai', 500, 100, 600, '0.001', 900)
),

-- Who made a request in which chat; `seconds_ago` NULL stands for a missing time.
people_cases (number, user_id, chat_id, seconds_ago) as (
    values
        (1, null, 5, 90000),
        (2, 1, null, 90000),
        (3, null, null, 90000),
        (4, 1, 1, 180000.5),
        (5, 1, 2, 170000),
        (6, 1, 2, 170000),
        (7, 1, 3, 160000),
        (8, 1, 3, null),
        (9, 1, 4, null),
        (10, 1, 4, null),
        (11, 1, 5, 150000),
        (12, 2, 7, 300000),
        (13, 2, 7, 127200),
        (14, 2, 8, 120001.9),
        (15, 2, 8, 120000),
        (16, 2, 9, 110000),
        (17, 1, 10, 100000),
        (18, 2, 10, 99000),
        -- First ever: without a time; long ago; now for the first time, twice on one day.
        (19, 9, null, null),
        (20, 9, null, 80000),
        (21, 10, null, null),
        (22, 1, null, 34000000),
        (23, 2, null, 200000),
        (24, 15, null, 3600),
        (25, 15, null, 3500),
        -- After `until`.
        (26, 11, null, -18000),
        (27, 11, null, -172800),
        -- Nobody by that number signed up.
        (28, 150, null, 70000)
),

-- Twelve users with equal tokens, whose numbers sort otherwise as texts.
tie_cases as (
    select user_number.number
    from generate_series(92, 103) as user_number (number)
),

cases as (
    select
        1 as case_group,
        number,
        user_id,
        cast(null as integer) as chat_id,
        'gpt-5-mini' as model,
        'openai' as provider,
        500 as prompt_tokens,
        100 as completion_tokens,
        600 as total_tokens,
        '0.001' as cost,
        requested_at,
        900 as request_time_ms
    from edge_cases
    union all
    select
        2 as case_group,
        model_cases.number,
        2 as user_id,
        cast(null as integer) as chat_id,
        model_cases.model,
        'openai' as provider,
        500 as prompt_tokens,
        100 as completion_tokens,
        600 as total_tokens,
        '0.001' as cost,
        moments.as_of - (20 + model_cases.number) * interval '1 hour' as requested_at,
        900 as request_time_ms
    from model_cases
    cross join moments
    union all
    select
        3 as case_group,
        value_cases.number,
        -- A user whose tokens add up to nothing known.
        case when value_cases.number in (18, 19) then 14 else 2 end as user_id,
        cast(null as integer) as chat_id,
        value_cases.model,
        value_cases.provider,
        value_cases.prompt_tokens,
        value_cases.completion_tokens,
        value_cases.total_tokens,
        value_cases.cost,
        moments.as_of - (2 + value_cases.number) * interval '50 minutes' as requested_at,
        value_cases.request_time_ms
    from value_cases
    cross join moments
    union all
    select
        4 as case_group,
        people_cases.number,
        people_cases.user_id,
        people_cases.chat_id,
        'gpt-5-mini' as model,
        'openai' as provider,
        500 as prompt_tokens,
        100 as completion_tokens,
        600 as total_tokens,
        '0.001' as cost,
        moments.as_of
        - cast(people_cases.seconds_ago * 1000 as bigint) * interval '1 millisecond'
            as requested_at,
        900 as request_time_ms
    from people_cases
    cross join moments
    union all
    select
        5 as case_group,
        tie_cases.number,
        tie_cases.number as user_id,
        cast(null as integer) as chat_id,
        'gpt-5-mini' as model,
        'openai' as provider,
        500000 as prompt_tokens,
        100000 as completion_tokens,
        600000 as total_tokens,
        '0.4' as cost,
        moments.as_of - interval '1 day' - tie_cases.number * interval '1 minute' as requested_at,
        900 as request_time_ms
    from tie_cases
    cross join moments
)

select
    row_number() over (order by case_group, number) as usage_id,
    user_id,
    chat_id,
    model as model_name,
    provider,
    prompt_tokens,
    completion_tokens,
    total_tokens,
    prompt_tokens * 4 as query_size,
    completion_tokens * 4 as response_size,
    cast(cost as double precision) as cost,
    requested_at as timestamp,
    case when mod(number, 3) > 0 then mod(number, 3) = 1 end as is_streaming,
    request_time_ms
from cases
