-- Requests number first_row to last_row. Cost is kept in whole cents, so that many a call costs 0.
insert into usage_tracking (
    id, api_key_id, user_id, budget_id, endpoint, method, model, request_tokens, response_tokens,
    total_tokens, cost_cents, response_time_ms, status_code, cost_currency, request_id, session_id,
    ip_address, user_agent, request_metadata, created_at
)
with

-- Materialized, here and below: otherwise the planner repeats a hash at every use of it.
hashed as materialized (
    select
        numbered.row_number,
        numbered.starts_at,
        numbered.length_us,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'usage_tracking', cast(numbered.row_number as text)
        ) as hash
    from pg_temp.sample_rows(
        'usage_tracking', cast(%(first_row)s as bigint), cast(%(last_row)s as bigint)
    ) as numbered
),

drawn as materialized (
    select
        hashed.row_number,
        hashed.hash,
        hashed.starts_at,
        hashed.length_us,
        key_pick.key_number,
        kind_pick.kind,
        -- Errors are more frequent than they should be, now and then for a whole day.
        case
            when get_byte(hashed.hash, 14) < 2 then null
            when
                get_byte(hashed.hash, 14)
                < 16 + case when mod(extract(doy from hashed.starts_at), 29) = 0 then 60 else 0 end
                then (array[400, 401, 403, 404, 422, 429, 429, 429, 500, 500, 502, 503])[
                    1 + mod(get_byte(hashed.hash, 15), 12)
                ]
            when get_byte(hashed.hash, 15) < 3 then 304
            else 200
        end as status_code
    from hashed
    inner join sample_key_picks as key_pick
        on key_pick.pick = pg_temp.sample_draw_12_bits(hashed.hash, 4)
    inner join sample_kind_picks as kind_pick
        on kind_pick.pick = pg_temp.sample_draw_12_bits(hashed.hash, 6)
),

measured as materialized (
    select
        drawn.row_number,
        case
            when drawn.status_code >= 400 then 0
            else pg_temp.sample_draw_tokens(drawn.hash, 8, kind.request_scale)
        end as request_tokens,
        case
            when drawn.status_code >= 400 then 0
            else pg_temp.sample_draw_tokens(drawn.hash, 10, kind.response_scale)
        end as response_tokens
    from drawn
    inner join sample_kinds as kind
        on kind.kind = drawn.kind
)

select
    cast(%(reserved)s as bigint) + drawn.row_number as id,
    cast(%(reserved)s as bigint) + drawn.key_number as api_key_id,
    cast(%(reserved)s as bigint) + api_key.user_number as user_id,
    case when api_key.has_budget then cast(%(reserved)s as bigint) + drawn.key_number end
        as budget_id,
    kind.endpoint,
    kind.method,
    case when get_byte(drawn.hash, 20) > 0 then kind.model end as model,
    measured.request_tokens,
    measured.response_tokens,
    measured.request_tokens + measured.response_tokens as total_tokens,
    (
        measured.request_tokens * kind.request_price
        + measured.response_tokens * kind.response_price
        + 5000000000
    ) / 10000000000 as cost_cents,
    case
        when get_byte(drawn.hash, 21) >= 2
            then
                (kind.base_ms + measured.response_tokens * kind.us_per_token / 1000)
                * (160 + get_byte(drawn.hash, 22))
                / 288
    end as response_time_ms,
    drawn.status_code,
    'USD' as cost_currency,
    'req_' || encode(substring(drawn.hash from 25 for 8), 'hex') as request_id,
    case
        when get_byte(drawn.hash, 23) < 120
            then 'session-' || drawn.key_number || '-' || drawn.row_number / 500
    end as session_id,
    '10.1.' || drawn.key_number / 250 || '.' || mod(drawn.key_number, 250) as ip_address,
    (array['python-httpx/0.28.1', 'OpenAI/Python 1.99.9', 'curl/8.5.0', null])[
        1 + mod(drawn.key_number, 4)
    ] as user_agent,
    cast('{}' as json) as request_metadata,
    pg_temp.sample_instant(drawn.hash, 0, drawn.starts_at, drawn.length_us) as created_at
from drawn
inner join measured
    on measured.row_number = drawn.row_number
inner join sample_kinds as kind
    on kind.kind = drawn.kind
inner join sample_keys as api_key
    on api_key.key_number = drawn.key_number
