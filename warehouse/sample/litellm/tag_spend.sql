-- The daily figures per tag of the days from first_day to last_day, added up from the log: a
-- request with several tags counts under each.
insert into "LiteLLM_DailyTagSpend" (
    id, request_id, tag, date, api_key, model, model_group, custom_llm_provider,
    mcp_namespaced_tool_name, endpoint, prompt_tokens, completion_tokens, cache_read_input_tokens,
    cache_creation_input_tokens, spend, api_requests, successful_requests, failed_requests,
    created_at, updated_at
)
with

endpoints (call_type, endpoint) as (
    values
        ('acompletion', '/chat/completions'),
        ('aresponses', '/responses'),
        ('anthropic_messages', '/v1/messages'),
        ('aembedding', '/embeddings'),
        ('arerank', '/rerank'),
        ('atranscription', '/audio/transcriptions'),
        ('aspeech', '/audio/speech'),
        ('aimage_generation', '/images/generations')
),

tagged as (
    select
        log.request_id,
        log.api_key,
        log.model,
        log.model_group,
        log.custom_llm_provider,
        log.call_type,
        log.prompt_tokens,
        log.completion_tokens,
        log.status,
        cast(log."startTime" as date) as day,
        coalesce(log."endTime", log."startTime") as written_at,
        -- In units of 10^-12 USD: adding up floating point numbers depends on their order.
        cast(log.spend * 1000000000000 as bigint) as spend_units,
        tag.name as tag
    from "LiteLLM_SpendLogs" as log
    cross join lateral jsonb_array_elements_text(log.request_tags) as tag (name)
    where
        log."startTime" >= cast(%(first_day)s as date)
        and log."startTime" < cast(%(last_day)s as date) + 1
        -- Their tags may be no list.
        and log.request_id not like 'awkward/%%'
),

added_up as (
    select
        tagged.tag,
        tagged.day,
        tagged.api_key,
        tagged.model,
        tagged.model_group,
        tagged.custom_llm_provider,
        tagged.call_type,
        min(tagged.request_id collate "C") as request_id,
        sum(tagged.prompt_tokens) as prompt_tokens,
        sum(tagged.completion_tokens) as completion_tokens,
        sum(tagged.spend_units) as spend_units,
        count(*) as api_requests,
        count(*) filter (where tagged.status = 'success') as successful_requests,
        count(*) filter (where tagged.status = 'failure') as failed_requests,
        min(tagged.written_at) as created_at,
        max(tagged.written_at) as updated_at
    from tagged
    group by 1, 2, 3, 4, 5, 6, 7
)

select
    cast(
        pg_temp.sample_uuid(
            pg_temp.sample_hash(
                cast(%(seed)s as bigint),
                'LiteLLM_DailyTagSpend',
                added_up.tag || '/' || added_up.request_id
            )
        ) as text
    ) as id,
    case when mod(added_up.prompt_tokens, 5) > 0 then added_up.request_id end as request_id,
    added_up.tag,
    to_char(added_up.day, 'YYYY-MM-DD') as date,
    added_up.api_key,
    added_up.model,
    added_up.model_group,
    added_up.custom_llm_provider,
    case when added_up.call_type = 'call_mcp_tool' then substring(added_up.model_group from 6) end
        as mcp_namespaced_tool_name,
    endpoints.endpoint,
    added_up.prompt_tokens,
    added_up.completion_tokens,
    case when added_up.custom_llm_provider = 'anthropic' then added_up.prompt_tokens / 2 else 0 end
        as cache_read_input_tokens,
    case when added_up.custom_llm_provider = 'anthropic' then added_up.prompt_tokens / 16 else 0 end
        as cache_creation_input_tokens,
    cast(added_up.spend_units as double precision) / 1000000000000 as spend,
    added_up.api_requests,
    added_up.successful_requests,
    added_up.failed_requests,
    added_up.created_at,
    added_up.updated_at
from added_up
left join endpoints
    on endpoints.call_type = added_up.call_type
