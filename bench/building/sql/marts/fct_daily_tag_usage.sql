create table bench_floor.fct_daily_tag_usage as
select
    cast(spend.date as date) as day,
    'litellm' as source_system,
    'default' as organization_id,
    'default' as project_id,
    nullif(tokens.user_id, '') as user_id,
    nullif(spend.api_key, '') as api_key_id,
    coalesce(spend.tag, '') as tag,
    spend.tag is not null as has_tag,
    false as is_archived,
    count(*) as tag_rows,
    cast(sum(spend.api_requests) as bigint) as api_requests,
    cast(sum(spend.successful_requests) as bigint) as successful_api_requests,
    cast(sum(spend.failed_requests) as bigint) as failed_api_requests,
    cast(sum(spend.prompt_tokens) as bigint) as prompt_tokens,
    cast(sum(spend.completion_tokens) as bigint) as completion_tokens,
    cast(sum(spend.prompt_tokens + spend.completion_tokens) as bigint) as api_tokens,
    cast(
        sum(cast(cast(spend.spend as text) as numeric)) as numeric(38, 22)
    ) as spend_usd
from litellm."LiteLLM_DailyTagSpend" as spend
left join litellm."LiteLLM_VerificationToken" as tokens
    on tokens.token = spend.api_key
group by 1, 2, 3, 4, 5, 6, 7, 8
