-- Requests number first_row to last_row of the proxy's log.
insert into "LiteLLM_SpendLogs" (
    request_id, call_type, api_key, spend, total_tokens, prompt_tokens, completion_tokens,
    "startTime", "endTime", "completionStartTime", request_duration_ms, model, "user", cache_hit,
    session_id, status, model_id, model_group, custom_llm_provider, api_base, metadata, cache_key,
    request_tags, team_id, organization_id, end_user, requester_ip_address
)
with

drawn as (
    select
        numbered.row_number,
        pg_temp.bench_draw(numbered.row_number, cast(%(seed)s as bigint), 4) as draw,
        pg_temp.bench_draw(numbered.row_number, cast(%(seed)s as bigint), 5) as usage_draw
    from generate_series(
        cast(%(first_row)s as bigint), cast(%(last_row)s as bigint)
    ) as numbered (row_number)
    offset 0
),

-- A key sticks to a few models: it draws from its own sixteenth of the tickets.
picked as (
    select
        drawn.row_number,
        drawn.draw,
        drawn.usage_draw,
        key_pick.key_number,
        mod(key_pick.key_number * 797 + pg_temp.bench_bits(drawn.draw, 12, 8), 4096) as kind_ticket,
        case
            when pg_temp.bench_bits(drawn.draw, 24, 8) < 238 then 'success'
            when pg_temp.bench_bits(drawn.draw, 24, 8) < 254 then 'failure'
        end as status,
        case
            when
                pg_temp.bench_bits(drawn.draw, 32, 8) < 22
                and pg_temp.bench_bits(drawn.draw, 24, 8) < 238
                then 'True'
            when pg_temp.bench_bits(drawn.draw, 32, 8) < 220 then 'False'
            when pg_temp.bench_bits(drawn.draw, 32, 8) < 238 then 'None'
        end as cache_hit
    from drawn
    inner join sample_key_picks as key_pick
        on key_pick.pick = pg_temp.bench_bits(drawn.draw, 0, 12)
    offset 0
),

measured as (
    select
        picked.row_number,
        picked.draw,
        picked.usage_draw,
        picked.key_number,
        picked.status,
        picked.cache_hit,
        kind_pick.kind,
        pg_temp.bench_tokens(picked.draw, 40, kind.prompt_scale) as prompt_tokens,
        case
            when picked.status = 'failure' then 0
            else pg_temp.bench_tokens(picked.draw, 48, kind.completion_scale)
        end as completion_tokens,
        date_trunc(
            'milliseconds',
            pg_temp.bench_instant(
                picked.row_number - cast(%(first_row)s as bigint),
                cast(%(last_row)s as bigint) - cast(%(first_row)s as bigint) + 1,
                picked.draw,
                cast(%(starts_at)s as timestamp),
                cast(%(seconds)s as double precision)
            )
        ) as started_at
    from picked
    inner join sample_kind_picks as kind_pick
        on kind_pick.pick = picked.kind_ticket
    inner join sample_kinds as kind
        on kind.kind = kind_pick.kind
    offset 0
),

-- Providers cache prompts of 1,024 tokens and more, in steps of 128.
parted as (
    select
        measured.row_number,
        measured.draw,
        measured.usage_draw,
        measured.key_number,
        measured.status,
        measured.cache_hit,
        measured.kind,
        measured.prompt_tokens,
        measured.completion_tokens,
        measured.started_at,
        case
            when
                measured.prompt_tokens >= 1024
                and pg_temp.bench_bits(measured.usage_draw, 0, 8) < 110
                then
                    measured.prompt_tokens
                    * pg_temp.bench_bits(measured.usage_draw, 8, 8)
                    / 272 / 128 * 128
            else 0
        end as cached_tokens,
        case
            when
                measured.prompt_tokens >= 1024
                and pg_temp.bench_bits(measured.usage_draw, 0, 8) < 180
                then
                    measured.prompt_tokens * pg_temp.bench_bits(measured.usage_draw, 16, 4) / 272
            else 0
        end as written_tokens,
        case
            when measured.cache_hit = 'True' then 2 + pg_temp.bench_bits(measured.draw, 34, 5)
            else
                (kind.base_ms + measured.completion_tokens * kind.us_per_token / 1000)
                * (160 + pg_temp.bench_bits(measured.usage_draw, 24, 8))
                / 288
        end as latency_ms
    from measured
    inner join sample_kinds as kind
        on kind.kind = measured.kind
    offset 0
)

select
    cast(
        pg_temp.bench_uuid('request', parted.row_number, cast(%(seed)s as bigint)) as text
    ) as request_id,
    kind.call_type,
    api_key.token as api_key,
    case
        when parted.cache_hit = 'True' or parted.status = 'failure' then 0
        else
            cast(
                parted.prompt_tokens * kind.prompt_price
                + parted.completion_tokens * kind.completion_price
                as double precision
            ) / 1000000000000
    end as spend,
    parted.prompt_tokens + parted.completion_tokens as total_tokens,
    parted.prompt_tokens,
    parted.completion_tokens,
    parted.started_at as "startTime",
    parted.started_at + parted.latency_ms * interval '1 millisecond' as "endTime",
    case
        when parted.status = 'success'
            then parted.started_at + parted.latency_ms / 4 * interval '1 millisecond'
    end as "completionStartTime",
    parted.latency_ms as request_duration_ms,
    kind.model,
    case pg_temp.bench_bits(parted.usage_draw, 32, 8)
        when 0 then null
        when 1 then ''
        else api_key.user_id
    end as "user",
    parted.cache_hit,
    case
        when pg_temp.bench_bits(parted.usage_draw, 40, 4) > 0
            then 'session-' || parted.key_number || '-' || parted.row_number / 2000
    end as session_id,
    parted.status,
    kind.model_group || '-0' as model_id,
    kind.model_group,
    kind.provider as custom_llm_provider,
    'https://' || kind.provider || '.example.com/v1' as api_base,
    case
        when kind.usage_style is null or parted.status = 'failure' then api_key.metadata
        when kind.usage_style = 'anthropic'
            then jsonb_build_object(
                'user_api_key_alias', api_key.metadata -> 'user_api_key_alias',
                'usage_object', jsonb_build_object(
                    'service_tier', 'standard',
                    'prompt_tokens', parted.prompt_tokens,
                    'completion_tokens', parted.completion_tokens,
                    'total_tokens', parted.prompt_tokens + parted.completion_tokens,
                    'cache_read_input_tokens', parted.cached_tokens,
                    'cache_creation_input_tokens', parted.written_tokens,
                    'prompt_tokens_details', jsonb_build_object(
                        'cached_tokens', parted.cached_tokens,
                        'cache_creation_tokens', parted.written_tokens
                    )
                )
            )
        else
            jsonb_build_object(
                'user_api_key_alias', api_key.metadata -> 'user_api_key_alias',
                'usage_object', jsonb_build_object(
                    'service_tier', case pg_temp.bench_bits(parted.usage_draw, 44, 6)
                        when 0 then 'flex' when 1 then 'priority' else 'default'
                    end,
                    'prompt_tokens', parted.prompt_tokens,
                    'completion_tokens', parted.completion_tokens,
                    'total_tokens', parted.prompt_tokens + parted.completion_tokens,
                    'prompt_tokens_details', jsonb_build_object(
                        'cached_tokens', parted.cached_tokens, 'audio_tokens', 0
                    ),
                    'completion_tokens_details', jsonb_build_object(
                        'reasoning_tokens', case
                            when kind.is_reasoning then parted.completion_tokens / 3
                        end,
                        'audio_tokens', 0
                    )
                )
            )
    end as metadata,
    'Cache OFF' as cache_key,
    api_key.tags as request_tags,
    api_key.team_id,
    cast(null as text) as organization_id,
    case
        when pg_temp.bench_bits(parted.usage_draw, 50, 3) = 0
            then 'customer-' || pg_temp.bench_bits(parted.usage_draw, 53, 6)
    end as end_user,
    '10.0.' || parted.key_number / 250 || '.' || mod(parted.key_number, 250)
        as requester_ip_address
from parted
inner join sample_kinds as kind
    on kind.kind = parted.kind
inner join sample_keys as api_key
    on api_key.key_number = parted.key_number
