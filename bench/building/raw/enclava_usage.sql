-- Requests number first_row to last_row. Cost is kept in whole cents, so that many a call costs 0.
insert into usage_tracking (
    id, api_key_id, user_id, budget_id, endpoint, method, model, request_tokens, response_tokens,
    total_tokens, cost_cents, response_time_ms, status_code, cost_currency, request_id, session_id,
    ip_address, user_agent, request_metadata, created_at
)
with

drawn as (
    select
        numbered.row_number,
        pg_temp.bench_draw(numbered.row_number, cast(%(seed)s as bigint), 11) as draw
    from generate_series(
        cast(%(first_row)s as bigint), cast(%(last_row)s as bigint)
    ) as numbered (row_number)
    offset 0
),

measured as (
    select
        drawn.row_number,
        drawn.draw,
        key_pick.key_number,
        kind_pick.kind,
        case
            when pg_temp.bench_bits(drawn.draw, 24, 8) = 0 then null
            when pg_temp.bench_bits(drawn.draw, 24, 8) < 16 then 429
            when pg_temp.bench_bits(drawn.draw, 24, 8) < 20 then 500
            else 200
        end as status_code,
        pg_temp.bench_tokens(drawn.draw, 32, kind.request_scale) as request_tokens,
        pg_temp.bench_tokens(drawn.draw, 40, kind.response_scale) as response_tokens
    from drawn
    inner join sample_key_picks as key_pick
        on key_pick.pick = pg_temp.bench_bits(drawn.draw, 0, 12)
    inner join sample_kind_picks as kind_pick
        on kind_pick.pick = pg_temp.bench_bits(drawn.draw, 12, 12)
    inner join sample_kinds as kind
        on kind.kind = kind_pick.kind
    offset 0
)

select
    measured.row_number as id,
    measured.key_number + cast(%(reserved)s as integer) as api_key_id,
    api_key.user_number + cast(%(reserved)s as integer) as user_id,
    case when api_key.has_budget then measured.key_number + cast(%(reserved)s as integer) end
        as budget_id,
    kind.endpoint,
    kind.method,
    kind.model,
    measured.request_tokens,
    measured.response_tokens,
    measured.request_tokens + measured.response_tokens as total_tokens,
    (
        measured.request_tokens * kind.request_price
        + measured.response_tokens * kind.response_price
        + 5000000000
    ) / 10000000000 as cost_cents,
    (kind.base_ms + measured.response_tokens * kind.us_per_token / 1000)
    * (160 + pg_temp.bench_bits(measured.draw, 48, 8))
    / 288 as response_time_ms,
    measured.status_code,
    'USD' as cost_currency,
    'req_' || to_hex(measured.draw) as request_id,
    cast(null as varchar) as session_id,
    '10.1.' || measured.key_number / 250 || '.' || mod(measured.key_number, 250) as ip_address,
    'OpenAI/Python 1.99.9' as user_agent,
    cast('{}' as json) as request_metadata,
    pg_temp.bench_instant(
        measured.row_number - cast(%(first_row)s as bigint),
        cast(%(last_row)s as bigint) - cast(%(first_row)s as bigint) + 1,
        measured.draw,
        cast(%(starts_at)s as timestamp),
        cast(%(seconds)s as double precision)
    ) as created_at
from measured
inner join sample_kinds as kind
    on kind.kind = measured.kind
inner join sample_keys as api_key
    on api_key.key_number = measured.key_number
