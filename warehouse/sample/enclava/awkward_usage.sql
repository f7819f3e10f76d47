-- Requests of awkward cases, told in request_id as 'awkward/<case>'; present whatever the number of
-- rows. A case without a time of its own lies in the last day.
insert into usage_tracking (
    id, api_key_id, user_id, budget_id, endpoint, method, model, request_tokens, response_tokens,
    total_tokens, cost_cents, response_time_ms, status_code, cost_currency, request_id, session_id,
    ip_address, user_agent, request_metadata, created_at
)
with

model_cases (number, label, model) as (
    values
        (1, 'model-null', null),
        (2, 'model-empty', ''),
        (3, 'model-space', ' '),
        (4, 'model-odd-case', 'GPT-4o'),
        (5, 'model-unicode', 'modèle-Δ "x"'),
        (6, 'model-tie-b', 'awkward/tie-b'),
        (7, 'model-tie-a', 'awkward/tie-a')
),

status_cases as (
    select
        row_number() over (order by status.code) as number,
        'status-' || coalesce(cast(status.code as text), 'null') as label,
        status.code
    from unnest(
        array[
            0, 100, 199, 200, 204, 301, 304, 399, 400, 401, 404, 418, 429, 499, 500, 503, 599, null
        ]
    ) as status (code)
),

amount_cases (
    number, label, model, request_tokens, response_tokens, total_tokens, cost_cents,
    response_time_ms
) as (
    values
        (1, 'tokens-request-null', 'gpt-4o', null, 100, 100, 1, 900),
        (2, 'tokens-response-null', 'gpt-4o', 500, null, 500, 1, 900),
        (3, 'tokens-total-null', 'gpt-4o', 500, 100, null, 1, 900),
        (4, 'amounts-null', 'gpt-4o', null, null, null, null, null),
        (5, 'tokens-zero', 'gpt-4o', 0, 0, 0, 1, 900),
        (6, 'total-above-sum', 'gpt-4o', 500, 100, 777, 1, 900),
        (7, 'cost-null', 'gpt-4o', 500, 100, 600, null, 900),
        (8, 'cost-below-a-cent', 'gpt-4o', 500, 100, 600, 0, 900),
        (9, 'cost-without-tokens', 'gpt-4o', 0, 0, 0, 7, 900),
        (10, 'cost-high', 'gpt-4o', 900000, 60000, 960000, 285, 90000),
        (11, 'time-null', 'gpt-4o', 500, 100, 600, 1, null),
        (12, 'time-zero', 'gpt-4o', 500, 100, 600, 1, 0),
        (13, 'time-one', 'gpt-4o', 500, 100, 600, 1, 1),
        (14, 'time-two-minutes', 'gpt-4o', 500, 100, 600, 1, 120000),
        -- Models of which something is always missing.
        (15, 'model-without-cost', 'awkward/cost-missing', 500, 100, 600, null, 900),
        (16, 'model-without-tokens', 'awkward/tokens-missing', null, null, null, 1, 900),
        (17, 'model-without-time', 'awkward/time-missing', 500, 100, 600, 1, null)
),

-- Paths are taken as they stand; the same path may be asked by several methods.
place_cases (number, label, api_key_id, user_id, budget_id, method, endpoint) as (
    values
        (1, 'method-get', 1, 1, null, 'GET', '/awkward/path'),
        (2, 'method-post', 1, 1, null, 'POST', '/awkward/path'),
        (3, 'method-lower-case', 1, 1, null, 'post', '/awkward/path'),
        (4, 'path-slash', 1, 1, null, 'POST', '/awkward/path/'),
        (5, 'path-odd-case', 1, 1, null, 'POST', '/Awkward/Path'),
        (6, 'path-query', 1, 1, null, 'GET', '/awkward/path?limit=10&x=%%20'),
        (7, 'path-unicode', 1, 1, null, 'GET', '/awkward/größe'),
        (8, 'key-inactive', 2, 1, null, 'POST', '/awkward/path'),
        (9, 'key-active-null', 4, 2, null, 'POST', '/awkward/path'),
        (10, 'key-expired', 6, 1, null, 'POST', '/awkward/path'),
        (11, 'key-of-another-user', 1, 2, null, 'POST', '/awkward/path'),
        (12, 'key-removed', 190, 1, null, 'POST', '/awkward/path'),
        (13, 'user-removed', 3, 150, null, 'POST', '/awkward/path'),
        (14, 'user-inactive', 7, 3, null, 'POST', '/awkward/path'),
        (15, 'budget-inactive', 1, 1, 2, 'POST', '/awkward/path'),
        (16, 'budget-removed', 1, 1, 190, 'POST', '/awkward/path'),
        (17, 'tie-ten', 10, 10, null, 'POST', '/awkward/tie'),
        (18, 'tie-nine', 9, 9, null, 'POST', '/awkward/tie')
),

-- Where windows, days and months begin and end, one microsecond to either side, and after `until`.
moment_cases as (
    select
        edge.number * 3 + side.number as number,
        edge.label || side.label as label,
        edge.starts_at + side.number * interval '1 microsecond' as requested_at
    from (
        select
            cast(%(until)s as timestamp) as as_of,
            date_trunc('day', cast(%(until)s as timestamp)) as midnight,
            date_trunc('month', cast(%(until)s as timestamp)) as month_starts_at
    ) as moments
    cross join lateral (
        values
            (1, 'as-of', moments.as_of),
            (2, 'hour-ago', moments.as_of - interval '1 hour'),
            (3, 'day-ago', moments.as_of - interval '24 hours'),
            (4, 'week-ago', moments.as_of - interval '168 hours'),
            (5, 'month-ago', moments.as_of - interval '30 days'),
            (6, 'year-ago', moments.as_of - interval '365 days'),
            (7, 'today', moments.midnight),
            (8, 'month', moments.month_starts_at),
            (9, 'future-hours', moments.as_of + interval '5 hours'),
            (10, 'future-days', moments.as_of + interval '2 days')
    ) as edge (number, label, starts_at)
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
        label,
        model,
        200 as status_code,
        cast(null as timestamp) as requested_at
    from model_cases
    union all
    select
        2 as case_group,
        number,
        label,
        'gpt-4o' as model,
        code as status_code,
        cast(null as timestamp) as requested_at
    from status_cases
    union all
    select
        3 as case_group,
        number,
        label,
        model,
        200 as status_code,
        cast(null as timestamp) as requested_at
    from amount_cases
    union all
    select
        4 as case_group,
        number,
        label,
        'gpt-4o' as model,
        200 as status_code,
        cast(null as timestamp) as requested_at
    from place_cases
    union all
    select
        5 as case_group,
        number,
        label,
        'gpt-4o' as model,
        200 as status_code,
        requested_at
    from moment_cases
    union all
    -- More paths and models of a day than a list of ten holds, each asked once.
    select
        6 as case_group,
        listed.number,
        'listed-' || listed.number as label,
        'awkward/listed-' || listed.number as model,
        200 as status_code,
        cast(%(until)s as timestamp) - listed.number * interval '70 minutes' as requested_at
    from generate_series(1, 12) as listed (number)
    union all
    select
        7 as case_group,
        number,
        label,
        model,
        status_code,
        cast(null as timestamp) as requested_at
    from (
        values
            (1, 'created-null', 'gpt-4o', 200),
            (2, 'created-null-failed', 'gpt-4o', 500),
            (3, 'created-null-without-model', null, 200)
    ) as timeless_cases (number, label, model, status_code)
),

numbered as (
    select
        row_number() over (order by case_group, number) as id,
        case_group,
        number,
        label,
        model,
        status_code,
        case
            when requested_at is not null then requested_at
            when case_group < 5
                then
                    cast(%(until)s as timestamp)
                    - ((case_group - 1) * 20 + number) * interval '16 minutes'
        end as requested_at
    from cases
)

select
    numbered.id,
    coalesce(place_cases.api_key_id, 1) as api_key_id,
    coalesce(place_cases.user_id, 1) as user_id,
    place_cases.budget_id,
    coalesce(
        place_cases.endpoint,
        case when numbered.case_group = 6 then '/' || numbered.model end,
        '/api/v1/llm/chat/completions'
    ) as endpoint,
    coalesce(place_cases.method, 'POST') as method,
    numbered.model,
    case when numbered.case_group = 3 then amount_cases.request_tokens else 500 end
        as request_tokens,
    case when numbered.case_group = 3 then amount_cases.response_tokens else 100 end
        as response_tokens,
    case when numbered.case_group = 3 then amount_cases.total_tokens else 600 end as total_tokens,
    case when numbered.case_group = 3 then amount_cases.cost_cents else 1 end as cost_cents,
    case when numbered.case_group = 3 then amount_cases.response_time_ms else 900 end
        as response_time_ms,
    numbered.status_code,
    'USD' as cost_currency,
    'awkward/' || numbered.label as request_id,
    cast(null as varchar) as session_id,
    cast(null as varchar) as ip_address,
    cast(null as varchar) as user_agent,
    case when mod(numbered.id, 2) = 0 then cast('{}' as json) end as request_metadata,
    numbered.requested_at as created_at
from numbered
left join place_cases
    on
        numbered.case_group = 4
        and place_cases.number = numbered.number
left join amount_cases
    on
        numbered.case_group = 3
        and amount_cases.number = numbered.number
