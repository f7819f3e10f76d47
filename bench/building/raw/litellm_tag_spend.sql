-- Daily figures of each tag of each key; drawn, not added up from the log, as the warehouse does not
-- compare the two.
insert into "LiteLLM_DailyTagSpend" (
    id, request_id, tag, date, api_key, model, model_group, custom_llm_provider,
    mcp_namespaced_tool_name, endpoint, prompt_tokens, completion_tokens, cache_read_input_tokens,
    cache_creation_input_tokens, spend, api_requests, successful_requests, failed_requests,
    created_at, updated_at
)
with

drawn as (
    select
        day.number as day_number,
        api_key.key_number,
        api_key.token,
        tag.name as tag,
        tag.place as tag_place,
        kind.kind,
        kind.model,
        kind.model_group,
        kind.provider,
        pg_temp.bench_draw(
            (day.number * 10000 + api_key.key_number) * 1000 + kind.kind * 10 + tag.place,
            cast(%(seed)s as bigint),
            6
        ) as draw
    from generate_series(
        cast(%(first_day)s as bigint), cast(%(last_day)s as bigint)
    ) as day (number)
    cross join sample_keys as api_key
    cross join lateral jsonb_array_elements_text(api_key.tags) with ordinality as tag (name, place)
    inner join sample_kinds as kind
        on mod(api_key.key_number, 19) + 1 = kind.kind
    offset 0
)

select
    day_number || '/' || key_number || '/' || kind || '/' || tag_place as id,
    cast(null as text) as request_id,
    tag,
    to_char(
        cast(%(history_starts_at)s as timestamp) + day_number * interval '1 day', 'YYYY-MM-DD'
    ) as date,
    token as api_key,
    model,
    model_group,
    provider as custom_llm_provider,
    cast(null as text) as mcp_namespaced_tool_name,
    '/chat/completions' as endpoint,
    pg_temp.bench_tokens(draw, 0, 90000) as prompt_tokens,
    pg_temp.bench_tokens(draw, 8, 20000) as completion_tokens,
    0 as cache_read_input_tokens,
    0 as cache_creation_input_tokens,
    cast(pg_temp.bench_bits(draw, 16, 20) as double precision) / 10000 as spend,
    100 + pg_temp.bench_bits(draw, 36, 10) as api_requests,
    100 + pg_temp.bench_bits(draw, 36, 10) - pg_temp.bench_bits(draw, 46, 4) as successful_requests,
    pg_temp.bench_bits(draw, 46, 4) as failed_requests,
    cast(%(history_starts_at)s as timestamp) + (day_number + 1) * interval '1 day' as created_at,
    cast(%(history_starts_at)s as timestamp) + (day_number + 1) * interval '1 day' as updated_at
from drawn
