-- Requests number first_row to last_row. The instant that is drawn is the end: a request is written
-- to the log when it is over, so that no row is younger than `until`.
insert into "LiteLLM_SpendLogs" (
    request_id, call_type, api_key, spend, total_tokens, prompt_tokens, completion_tokens,
    "startTime", "endTime", "completionStartTime", request_duration_ms, model, "user", cache_hit,
    session_id, status, model_id, model_group, custom_llm_provider, api_base, metadata, cache_key,
    request_tags, team_id, organization_id, end_user, requester_ip_address
)
with

-- Materialized, here and below: otherwise the planner repeats a hash at every use of it.
hashed as materialized (
    select
        numbered.row_number,
        numbered.starts_at,
        numbered.length_us,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'LiteLLM_SpendLogs', cast(numbered.row_number as text)
        ) as hash,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'LiteLLM_SpendLogs outcome', cast(numbered.row_number as text)
        ) as outcome,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'LiteLLM_SpendLogs usage', cast(numbered.row_number as text)
        ) as usage_hash
    from pg_temp.sample_rows(
        'LiteLLM_SpendLogs', cast(%(first_row)s as bigint), cast(%(last_row)s as bigint)
    ) as numbered
),

drawn as materialized (
    select
        hashed.row_number,
        hashed.hash,
        hashed.outcome,
        hashed.usage_hash,
        key_pick.key_number,
        kind_pick.kind,
        case
            when get_byte(hashed.outcome, 0) < 238 then 'success'
            when get_byte(hashed.outcome, 0) < 254 then 'failure'
        end as status,
        case
            when get_byte(hashed.outcome, 1) < 22 and get_byte(hashed.outcome, 0) < 238 then 'True'
            when get_byte(hashed.outcome, 1) < 220 then 'False'
            when get_byte(hashed.outcome, 1) < 238 then 'None'
            when get_byte(hashed.outcome, 1) < 248 then ''
        end as cache_hit,
        get_byte(hashed.outcome, 2) < 140 as is_streamed,
        date_trunc(
            'milliseconds',
            pg_temp.sample_instant(hashed.hash, 16, hashed.starts_at, hashed.length_us)
        ) as ended_at
    from hashed
    inner join sample_key_picks as key_pick
        on key_pick.pick = pg_temp.sample_draw_12_bits(hashed.hash, 20)
    -- A key sticks to a few models: it draws from its own sixteenth of the tickets, but for a few
    -- requests.
    inner join sample_kind_picks as kind_pick
        on kind_pick.pick = case
            when get_byte(hashed.hash, 28) < 12 then pg_temp.sample_draw_12_bits(hashed.hash, 22)
            else
                mod(
                    key_pick.key_number * 797
                    + (pg_temp.sample_draw_12_bits(hashed.hash, 22) & 255),
                    4096
                )
        end
),

measured as materialized (
    select
        drawn.row_number,
        pg_temp.sample_draw_tokens(drawn.hash, 24, kind.prompt_scale) as prompt_tokens,
        case
            when drawn.status = 'failure' then 0
            else pg_temp.sample_draw_tokens(drawn.hash, 26, kind.completion_scale)
        end as completion_tokens
    from drawn
    inner join sample_kinds as kind
        on kind.kind = drawn.kind
),

timed as materialized (
    select
        drawn.row_number,
        case
            when drawn.cache_hit = 'True' then 2 + get_byte(drawn.outcome, 3) / 8
            when drawn.status = 'failure'
                then 40 + get_byte(drawn.outcome, 3) * get_byte(drawn.outcome, 4)
            else
                (kind.base_ms + measured.completion_tokens * kind.us_per_token / 1000)
                * (160 + get_byte(drawn.outcome, 3))
                / 288
        end as latency_ms
    from drawn
    inner join measured
        on measured.row_number = drawn.row_number
    inner join sample_kinds as kind
        on kind.kind = drawn.kind
),

-- Providers cache prompts of 1,024 tokens and more, in steps of 128; what Anthropic writes to its
-- cache is for five minutes or, of some requests, for an hour.
parted as materialized (
    select
        drawn.row_number,
        kind.usage_style,
        case
            when measured.prompt_tokens >= 1024 and get_byte(drawn.usage_hash, 0) < 110
                then measured.prompt_tokens * get_byte(drawn.usage_hash, 1) / 272 / 128 * 128
            else 0
        end as cached_tokens,
        case
            when
                kind.usage_style = 'anthropic'
                and measured.prompt_tokens >= 1024
                and get_byte(drawn.usage_hash, 0) < 180
                then measured.prompt_tokens * (get_byte(drawn.usage_hash, 2) & 15) / 272
            else 0
        end as written_tokens,
        get_byte(drawn.usage_hash, 3) < 64 as is_written_for_an_hour,
        case
            when kind.is_reasoning
                then measured.completion_tokens * get_byte(drawn.usage_hash, 4) / 320
        end as reasoning_tokens,
        case kind.usage_style
            when 'anthropic'
                then
                    case when get_byte(drawn.usage_hash, 5) < 8 then 'batch' else 'standard' end
            else
                case
                    when get_byte(drawn.usage_hash, 5) < 6 then 'flex'
                    when get_byte(drawn.usage_hash, 5) < 10 then 'priority'
                    else 'default'
                end
        end as service_tier,
        case
            when kind.usage_style is null or drawn.status = 'failure' then null
            when get_byte(drawn.usage_hash, 6) < 240 then 'usage_object'
            -- As older versions of the proxy wrote it, and those before them.
            when get_byte(drawn.usage_hash, 6) < 250 then 'additional_usage_values'
        end as usage_key
    from drawn
    inner join measured
        on measured.row_number = drawn.row_number
    inner join sample_kinds as kind
        on kind.kind = drawn.kind
),

described as materialized (
    select
        parted.row_number,
        jsonb_build_object(
            parted.usage_key,
            jsonb_build_object('service_tier', parted.service_tier)
            || case
                when parted.usage_key = 'usage_object'
                    then
                        jsonb_build_object(
                            'prompt_tokens', measured.prompt_tokens,
                            'completion_tokens', measured.completion_tokens,
                            'total_tokens', measured.prompt_tokens + measured.completion_tokens
                        )
                else cast('{}' as jsonb)
            end
            || case parted.usage_style
                when 'anthropic'
                    then
                        jsonb_build_object(
                            'cache_read_input_tokens', parted.cached_tokens,
                            'cache_creation_input_tokens', parted.written_tokens,
                            'prompt_tokens_details', jsonb_build_object(
                                'cached_tokens', parted.cached_tokens,
                                'cache_creation_tokens', parted.written_tokens,
                                'cache_creation_token_details', jsonb_build_object(
                                    'ephemeral_5m_input_tokens', case
                                        when parted.is_written_for_an_hour then 0
                                        else parted.written_tokens
                                    end,
                                    'ephemeral_1h_input_tokens', case
                                        when parted.is_written_for_an_hour
                                            then parted.written_tokens
                                        else 0
                                    end
                                )
                            )
                        )
                else
                    jsonb_build_object(
                        'prompt_tokens_details', jsonb_build_object(
                            'cached_tokens', parted.cached_tokens,
                            'audio_tokens', 0
                        ),
                        'completion_tokens_details', jsonb_build_object(
                            'reasoning_tokens', parted.reasoning_tokens,
                            'audio_tokens', 0
                        )
                    )
            end
        ) as usage
    from parted
    inner join measured
        on measured.row_number = parted.row_number
    where parted.usage_key is not null
)

select
    cast(pg_temp.sample_uuid(drawn.hash) as text) as request_id,
    kind.call_type,
    api_key.token as api_key,
    case
        -- A cached answer costs nothing, and neither does none.
        when drawn.cache_hit = 'True' or drawn.status = 'failure' then 0
        else
            cast(
                measured.prompt_tokens * kind.prompt_price
                + measured.completion_tokens * kind.completion_price
                as double precision
            ) / 1000000000000
    end as spend,
    measured.prompt_tokens + measured.completion_tokens as total_tokens,
    measured.prompt_tokens,
    measured.completion_tokens,
    drawn.ended_at - timed.latency_ms * interval '1 millisecond' as "startTime",
    case when get_byte(drawn.outcome, 5) > 0 then drawn.ended_at end as "endTime",
    case
        when drawn.status = 'failure' then null
        when drawn.is_streamed
            then
                drawn.ended_at
                - (timed.latency_ms * (90 - get_byte(drawn.outcome, 6) / 8) / 100)
                * interval '1 millisecond'
        else drawn.ended_at
    end as "completionStartTime",
    case when get_byte(drawn.outcome, 7) < 128 then timed.latency_ms end as request_duration_ms,
    case
        when drawn.status = 'failure' and get_byte(drawn.outcome, 8) < 16 then ''
        else kind.model
    end as model,
    case get_byte(drawn.outcome, 9) when 0 then null when 1 then '' else api_key.user_id end
        as "user",
    drawn.cache_hit,
    -- The requests of a key that stand near each other in the log are a session.
    case
        when get_byte(drawn.outcome, 10) < 20 then null
        when get_byte(drawn.outcome, 10) < 24 then ''
        else
            'session-' || drawn.key_number || '-'
            || drawn.row_number / (4 * cast(%(key_count)s as bigint))
    end as session_id,
    drawn.status,
    kind.model_group || '-' || (get_byte(drawn.outcome, 11) & 1) as model_id,
    kind.model_group,
    kind.provider as custom_llm_provider,
    case
        when kind.call_type <> 'call_mcp_tool' then 'https://' || kind.provider || '.example.com/v1'
    end as api_base,
    api_key.metadata || coalesce(described.usage, cast('{}' as jsonb)) as metadata,
    case
        when drawn.cache_hit = 'True' then encode(substring(drawn.outcome from 17), 'hex')
        else 'Cache OFF'
    end as cache_key,
    case
        when get_byte(drawn.outcome, 12) < 12
            then api_key.tags || cast('["nightly-batch"]' as jsonb)
        else api_key.tags
    end as request_tags,
    api_key.team_id,
    cast(null as text) as organization_id,
    case
        when get_byte(drawn.outcome, 13) < 32 then 'customer-' || (get_byte(drawn.outcome, 14) & 63)
    end as end_user,
    case
        when get_byte(drawn.outcome, 15) < 128
            then '10.0.' || drawn.key_number / 250 || '.' || mod(drawn.key_number, 250)
    end as requester_ip_address
from drawn
inner join measured
    on measured.row_number = drawn.row_number
inner join timed
    on timed.row_number = drawn.row_number
left join described
    on described.row_number = drawn.row_number
inner join sample_kinds as kind
    on kind.kind = drawn.kind
inner join sample_keys as api_key
    on api_key.key_number = drawn.key_number
