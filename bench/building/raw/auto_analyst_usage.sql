-- Requests number first_row to last_row; six that follow each other are a chat.
insert into model_usage (
    usage_id, user_id, chat_id, model_name, provider, prompt_tokens, completion_tokens,
    total_tokens, query_size, response_size, cost, timestamp, is_streaming, request_time_ms
)
with

drawn as (
    select
        numbered.row_number,
        numbered.row_number / 6 as chat_number,
        pg_temp.bench_draw(numbered.row_number / 6, cast(%(seed)s as bigint), 7) as chat_draw,
        pg_temp.bench_draw(numbered.row_number, cast(%(seed)s as bigint), 8) as draw
    from generate_series(
        cast(%(first_row)s as bigint), cast(%(last_row)s as bigint)
    ) as numbered (row_number)
    offset 0
),

measured as (
    select
        drawn.row_number,
        drawn.chat_number,
        drawn.chat_draw,
        drawn.draw,
        kind_pick.kind,
        pg_temp.bench_tokens(drawn.draw, 0, 1400) as prompt_tokens,
        case
            when pg_temp.bench_bits(drawn.draw, 8, 8) = 0 then null
            when pg_temp.bench_bits(drawn.draw, 8, 8) < 11 then 0
            else pg_temp.bench_tokens(drawn.draw, 16, 420)
        end as completion_tokens
    from drawn
    inner join sample_kind_picks as kind_pick
        on kind_pick.pick = pg_temp.bench_bits(drawn.chat_draw, 0, 12)
    offset 0
)

select
    measured.row_number as usage_id,
    case
        when pg_temp.bench_bits(measured.chat_draw, 12, 5) > 0
            then 1 + pg_temp.bench_bits(measured.chat_draw, 17, 11)
    end as user_id,
    measured.chat_number as chat_id,
    kind.model as model_name,
    kind.provider,
    measured.prompt_tokens,
    measured.completion_tokens,
    measured.prompt_tokens + coalesce(measured.completion_tokens, 0) as total_tokens,
    measured.prompt_tokens * 4 as query_size,
    coalesce(measured.completion_tokens, 0) * 4 as response_size,
    cast(
        measured.prompt_tokens * kind.prompt_price
        + coalesce(measured.completion_tokens, 0) * kind.completion_price
        as double precision
    ) / 1000000000000 as cost,
    pg_temp.bench_instant(
        measured.row_number - cast(%(first_row)s as bigint),
        cast(%(last_row)s as bigint) - cast(%(first_row)s as bigint) + 1,
        measured.draw,
        cast(%(starts_at)s as timestamp),
        cast(%(seconds)s as double precision)
    ) as timestamp,
    measured.draw > 0 as is_streaming,
    case
        when pg_temp.bench_bits(measured.draw, 24, 8) > 0
            then
                (600 + coalesce(measured.completion_tokens, 0) * kind.us_per_token / 1000)
                * (160 + pg_temp.bench_bits(measured.draw, 32, 8))
                / 288
    end as request_time_ms
from measured
inner join sample_kinds as kind
    on kind.kind = measured.kind
