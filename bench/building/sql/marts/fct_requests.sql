create table bench_floor.fct_requests as
with

requests as (
    select
        cast(id as text) as request_id,
        'call' as request_kind,
        'kaapi' as source_system,
        cast(organization_id as text) as organization_id,
        cast(project_id as text) as project_id,
        cast(null as text) as user_id,
        cast(null as text) as api_key_id,
        cast(nullif(conversation_id, '') as text) as session_id,
        cast(chain_id as text) as chain_id,
        cast(null as text) as first_call_id,
        case
            when input_type = 'text' and output_type = 'text' then 'T-FS-T'
            when input_type = 'audio' and output_type = 'audio' then 'S-FS-S'
            when input_type = 'audio' and output_type = 'text' then 'STT'
            when input_type = 'text' and output_type = 'audio' then 'TTS'
            else 'OTHER'
        end as modality,
        coalesce(
            nullif(case when provider like '%-native' then left(provider, -7) else provider end, ''),
            'unknown'
        ) as provider,
        cast(model as text) as raw_model,
        cast(null as text) as endpoint,
        cast(null as text) as http_method,
        cast(null as text) as status,
        cast(null as text) as processing,
        'provider' as counted_by,
        cast(null as text) as reported_precision,
        cast(null as text) as credit_tier,
        cast(null as boolean) as is_successful,
        cast(null as boolean) as is_failed,
        cast(null as boolean) as is_cache_hit,
        coalesce(cast(usage ->> 'input_tokens' as bigint), 0) as input_tokens,
        cast(null as bigint) as cached_input_tokens,
        cast(null as bigint) as cache_write_tokens,
        cast(null as bigint) as audio_input_tokens,
        coalesce(cast(usage ->> 'output_tokens' as bigint), 0) as output_tokens,
        cast(null as bigint) as audio_output_tokens,
        cast(null as bigint) as reasoning_tokens,
        coalesce(cast(usage ->> 'input_tokens' as bigint), 0)
        + coalesce(cast(usage ->> 'output_tokens' as bigint), 0) as total_tokens,
        cast(null as numeric) as reported_cost_usd,
        cast(null as bigint) as credits,
        cast(null as bigint) as latency_ms,
        cast(null as bigint) as first_token_latency_ms,
        cast(null as bigint) as http_status_code,
        inserted_at at time zone 'UTC' as requested_at,
        updated_at at time zone 'UTC' as source_updated_at
    from kaapi.llm_call
    where deleted_at is null

    union all

    select
        cast(chains.id as text),
        'chain',
        'kaapi',
        cast(chains.organization_id as text),
        cast(chains.project_id as text),
        null,
        null,
        null,
        cast(chains.id as text),
        chains.block_sequences ->> 0,
        case
            when calls.input_type = 'text' and calls.output_type = 'text' then 'T-FS-T'
            when calls.input_type = 'audio' and calls.output_type = 'audio' then 'S-FS-S'
            when calls.input_type = 'audio' and calls.output_type = 'text' then 'STT'
            when calls.input_type = 'text' and calls.output_type = 'audio' then 'TTS'
            else 'OTHER'
        end,
        coalesce(
            nullif(
                case
                    when calls.provider like '%-native' then left(calls.provider, -7)
                    else calls.provider
                end,
                ''
            ),
            'unknown'
        ),
        null,
        null,
        null,
        cast(chains.status as text),
        null,
        'not_applicable',
        null,
        null,
        case chains.status when 'completed' then true when 'failed' then false end,
        case chains.status when 'completed' then false when 'failed' then true end,
        null,
        0,
        null,
        null,
        null,
        0,
        null,
        null,
        0,
        null,
        null,
        null,
        null,
        null,
        chains.inserted_at at time zone 'UTC',
        chains.updated_at at time zone 'UTC'
    from kaapi.llm_chain as chains
    left join kaapi.llm_call as calls
        on calls.id = cast(chains.block_sequences ->> 0 as uuid)

    union all

    select
        logs.request_id,
        'call',
        'litellm',
        'default',
        'default',
        nullif(logs."user", ''),
        nullif(logs.api_key, ''),
        nullif(logs.session_id, ''),
        null,
        null,
        'OTHER',
        coalesce(nullif(logs.custom_llm_provider, ''), 'unknown'),
        logs.model,
        logs.call_type,
        null,
        logs.status,
        case parts.usage ->> 'service_tier'
            when 'default' then 'standard'
            else parts.usage ->> 'service_tier'
        end,
        case logs.call_type when 'call_mcp_tool' then 'not_applicable' else 'provider' end,
        'binary_float',
        null,
        coalesce(logs.status = 'success', false),
        coalesce(logs.status = 'failure', false),
        case logs.cache_hit when 'True' then true when 'False' then false end,
        logs.prompt_tokens,
        cast(parts.input ->> 'cached_tokens' as bigint),
        cast(parts.input ->> 'cache_creation_tokens' as bigint),
        cast(parts.input ->> 'audio_tokens' as bigint),
        logs.completion_tokens,
        cast(parts.output ->> 'audio_tokens' as bigint),
        cast(parts.output ->> 'reasoning_tokens' as bigint),
        logs.total_tokens,
        cast(cast(logs.spend as text) as numeric),
        null,
        cast(round(extract(epoch from logs."endTime" - logs."startTime") * 1000) as bigint),
        cast(
            round(extract(epoch from logs."completionStartTime" - logs."startTime") * 1000)
            as bigint
        ),
        null,
        logs."startTime" at time zone 'UTC',
        null
    from litellm."LiteLLM_SpendLogs" as logs
    -- `offset 0` has Postgres take the JSON apart once.
    cross join lateral (
        select
            usage,
            usage -> 'prompt_tokens_details' as input,
            usage -> 'completion_tokens_details' as output
        from (select logs.metadata -> 'usage_object' as usage offset 0) as found
        offset 0
    ) as parts

    union all

    select
        cast(usages.usage_id as text),
        'call',
        'auto_analyst',
        'default',
        'default',
        cast(usages.user_id as text),
        null,
        cast(usages.chat_id as text),
        null,
        null,
        'OTHER',
        coalesce(nullif(usages.provider, ''), 'unknown'),
        usages.model_name,
        null,
        null,
        null,
        null,
        'estimated',
        'binary_float',
        tiers.credit_tier,
        coalesce(usages.completion_tokens, 0) >= 1,
        null,
        null,
        usages.prompt_tokens,
        null,
        null,
        null,
        usages.completion_tokens,
        null,
        null,
        usages.total_tokens,
        cast(cast(usages.cost as text) as numeric),
        tiers.credits_per_request,
        usages.request_time_ms,
        null,
        null,
        usages.timestamp at time zone 'UTC',
        null
    from auto_analyst.model_usage as usages
    left join bench_floor.tiers as listed
        on listed.model = usages.model_name
    left join lateral (
        select
            coalesce(listed.credit_tier, lowest.credit_tier) as credit_tier,
            coalesce(listed.credits_per_request, lowest.credits_per_request)
                as credits_per_request
        from (
            select distinct credit_tier, credits_per_request
            from bench_floor.tiers
            where credit_tier = 'tier1'
        ) as lowest
    ) as tiers on true

    union all

    select
        cast(id as text),
        'call',
        'enclava',
        'default',
        'default',
        cast(user_id as text),
        cast(api_key_id as text),
        null,
        null,
        null,
        'OTHER',
        'unknown',
        model,
        endpoint,
        method,
        null,
        null,
        'provider',
        'whole_cents',
        null,
        status_code < 400,
        status_code >= 400,
        null,
        request_tokens,
        null,
        null,
        null,
        response_tokens,
        null,
        null,
        total_tokens,
        cost_cents * 0.01,
        null,
        response_time_ms,
        null,
        status_code,
        created_at at time zone 'UTC',
        null
    from enclava.usage_tracking
),

-- Parts that cost what the whole does where the list has no price for them. No tokens need no price.
costed as (
    select
        requests.*,
        prices.price_source,
        prices.provider as price_provider,
        prices.model as price_model,
        prices.processing as price_processing,
        costs.full_cost_usd,
        case
            when costs.full_cost_usd is null then null
            else
                coalesce(list_prices.request_price_usd, 0)
                + case
                    when requests.input_tokens > 0
                        then requests.input_tokens * list_prices.input_price_usd_per_token
                    else 0
                end
                + case
                    when requests.output_tokens > 0
                        then
                            (requests.output_tokens - costs.reasoning)
                            * list_prices.output_price_usd_per_token
                    else 0
                end
                + case
                    when costs.reasoning > 0
                        then
                            costs.reasoning * coalesce(
                                list_prices.reasoning_price_usd_per_token,
                                list_prices.output_price_usd_per_token
                            )
                    else 0
                end
        end as list_cost_usd
    from requests
    left join bench_floor.prices
        on
            requests.source_system = prices.request_system
            and requests.provider = prices.request_provider
            and requests.raw_model = prices.request_model
            and coalesce(requests.processing, 'standard') = prices.request_processing
            and requests.requested_at >= prices.valid_from_at
            and (prices.valid_to_at is null or requests.requested_at < prices.valid_to_at)
            and coalesce(requests.input_tokens, 0) >= prices.from_input_tokens
            and (
                prices.to_input_tokens is null
                or coalesce(requests.input_tokens, 0) < prices.to_input_tokens
            )
            and (
                prices.to_second_of_day - prices.from_second_of_day = 86400
                or extract(epoch from cast(requests.requested_at at time zone 'UTC' as time))
                between prices.from_second_of_day and prices.to_second_of_day - 0.000001
            )
    left join bench_floor.list_prices
        on
            requests.source_system = list_prices.request_system
            and requests.provider = list_prices.request_provider
            and requests.raw_model = list_prices.request_model
            and coalesce(requests.processing, 'standard') = list_prices.request_processing
            and requests.requested_at >= list_prices.valid_from_at
            and (
                list_prices.valid_to_at is null
                or requests.requested_at < list_prices.valid_to_at
            )
            and coalesce(requests.input_tokens, 0) >= list_prices.from_input_tokens
            and (
                list_prices.to_input_tokens is null
                or coalesce(requests.input_tokens, 0) < list_prices.to_input_tokens
            )
            and (
                list_prices.to_second_of_day - list_prices.from_second_of_day = 86400
                or extract(epoch from cast(requests.requested_at at time zone 'UTC' as time))
                between list_prices.from_second_of_day and list_prices.to_second_of_day - 0.000001
            )
    cross join lateral (
        select
            coalesce(requests.reasoning_tokens, 0) as reasoning,
            case
                when prices.price_list is not null
                    and coalesce(requests.input_tokens, requests.output_tokens) is not null
                    then
                        coalesce(prices.request_price_usd, 0)
                        + case
                            when requests.input_tokens > 0
                                then
                                    (
                                        requests.input_tokens
                                        - coalesce(requests.cached_input_tokens, 0)
                                        - coalesce(requests.cache_write_tokens, 0)
                                    )
                                    * prices.input_price_usd_per_token
                            else 0
                        end
                        + case
                            when requests.cached_input_tokens > 0
                                then
                                    requests.cached_input_tokens * coalesce(
                                        prices.cached_input_price_usd_per_token,
                                        prices.input_price_usd_per_token
                                    )
                            else 0
                        end
                        + case
                            when requests.cache_write_tokens > 0
                                then
                                    requests.cache_write_tokens * coalesce(
                                        prices.cache_write_price_usd_per_token,
                                        prices.input_price_usd_per_token
                                    )
                            else 0
                        end
                        + case
                            when requests.output_tokens > 0
                                then
                                    (
                                        requests.output_tokens
                                        - coalesce(requests.reasoning_tokens, 0)
                                    )
                                    * prices.output_price_usd_per_token
                            else 0
                        end
                        + case
                            when requests.reasoning_tokens > 0
                                then
                                    requests.reasoning_tokens * coalesce(
                                        prices.reasoning_price_usd_per_token,
                                        prices.output_price_usd_per_token
                                    )
                            else 0
                        end
            end as full_cost_usd
        offset 0
    ) as costs
),

decided as (
    select
        costed.*,
        case
            when request_kind = 'chain' then 'not_applicable'
            when reported_cost_usd is not null then 'reported'
            when full_cost_usd is not null and price_source = 'model_config' then price_source
            else 'unpriced'
        end as cost_source,
        case
            when request_kind = 'chain' or (full_cost_usd is not null and is_cache_hit) then 0
            else full_cost_usd
        end as computed_cost_usd
    from costed
    offset 0
)

select
    request_id,
    request_kind,
    source_system,
    organization_id,
    project_id,
    user_id,
    api_key_id,
    session_id,
    chain_id,
    first_call_id,
    modality,
    provider,
    case
        when source_system = 'auto_analyst' then coalesce(raw_model, 'unknown')
        else coalesce(nullif(raw_model, ''), 'unknown')
    end as model,
    endpoint,
    http_method,
    status,
    processing,
    case
        when counted_by = 'not_applicable' then counted_by
        when input_tokens > 0 or output_tokens > 0 or total_tokens > 0 then counted_by
        else 'missing'
    end as usage_source,
    cost_source,
    case when full_cost_usd is not null then price_source end as price_source,
    case when full_cost_usd is not null then price_provider end as price_provider,
    case when full_cost_usd is not null then price_model end as price_model,
    case when full_cost_usd is not null then price_processing end as price_processing,
    case
        when cost_source = 'reported' then reported_precision
        when cost_source in ('unpriced', 'not_applicable') then null
        when input_tokens > 0 then 'no_cache_split'
        else 'exact'
    end as cost_precision,
    credit_tier,
    is_successful,
    is_failed,
    is_cache_hit,
    cost_source <> 'unpriced' as is_priced,
    case
        when source_system = 'auto_analyst' then raw_model is not null
        else coalesce(raw_model, '') <> ''
    end as has_model,
    false as is_archived,
    cast(input_tokens as bigint) as input_tokens,
    cached_input_tokens,
    cache_write_tokens,
    cast(null as bigint) as cache_write_1h_tokens,
    audio_input_tokens,
    cast(null as bigint) as cached_audio_input_tokens,
    cast(output_tokens as bigint) as output_tokens,
    audio_output_tokens,
    reasoning_tokens,
    cast(total_tokens as bigint) as total_tokens,
    cast(0 as bigint) as clamped_tokens,
    cast(reported_cost_usd as numeric(38, 22)) as reported_cost_usd,
    cast(computed_cost_usd as numeric(38, 22)) as computed_cost_usd,
    cast(
        case cost_source
            when 'reported' then reported_cost_usd
            when 'unpriced' then 0
            else computed_cost_usd
        end as numeric(38, 22)
    ) as cost_usd,
    cast(list_cost_usd as numeric(38, 22)) as list_cost_usd,
    cast(
        case cost_source
            when 'reported' then list_cost_usd - reported_cost_usd
            when 'unpriced' then null
            else list_cost_usd - computed_cost_usd
        end as numeric(38, 22)
    ) as savings_usd,
    cast(
        case
            when is_cache_hit then full_cost_usd
            when full_cost_usd is not null then 0
        end as numeric(38, 22)
    ) as avoided_cost_usd,
    credits,
    latency_ms,
    first_token_latency_ms,
    http_status_code,
    requested_at,
    source_updated_at
from decided
