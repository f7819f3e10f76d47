-- As Kaapi prices a call: the active price of its provider and model, where that has both prices.
with

prices as (
    select distinct on (provider, model)
        provider,
        model,
        input_price,
        output_price
    from (
        select
            regexp_replace(provider, '-native$', '') as provider,
            model_name as model,
            provider like '%%-native' as is_native,
            id,
            pricing #> '{response,input_token_cost}' as input_price,
            pricing #> '{response,output_token_cost}' as output_price
        from kaapi.model_config
        where is_active
    ) as listed
    where provider in ('openai', 'google', 'sarvamai', 'elevenlabs')
    order by provider, model, is_native, id
),

usable as (
    select
        provider,
        model,
        cast(input_price as numeric) / 1000000 as input_price,
        cast(output_price as numeric) / 1000000 as output_price
    from prices
    where jsonb_typeof(input_price) = 'number' and jsonb_typeof(output_price) = 'number'
),

calls as (
    select
        cast(date_trunc('month', inserted_at) as date) as month,
        case
            when input_type = 'text' and output_type = 'text' then 'T-FS-T'
            when input_type = 'audio' and output_type = 'audio' then 'S-FS-S'
            when input_type = 'audio' and output_type = 'text' then 'STT'
            when input_type = 'text' and output_type = 'audio' then 'TTS'
            else 'OTHER'
        end as modality,
        coalesce(nullif(regexp_replace(provider, '-native$', ''), ''), 'unknown') as provider,
        model,
        coalesce(cast(usage ->> 'input_tokens' as bigint), 0) as input_tokens,
        coalesce(cast(usage ->> 'output_tokens' as bigint), 0) as output_tokens
    from kaapi.llm_call
    where
        deleted_at is null
        and (
            cast(%(organization_id)s as integer) is null
            or organization_id = cast(%(organization_id)s as integer)
        )
)

select
    calls.month,
    calls.modality,
    calls.provider,
    count(*) as calls,
    cast(sum(calls.input_tokens + calls.output_tokens) as bigint) as total_tokens,
    coalesce(
        sum(
            calls.input_tokens * usable.input_price + calls.output_tokens * usable.output_price
        ),
        0
    ) as cost_usd
from calls
left join usable
    on usable.provider = calls.provider and usable.model = calls.model
group by 1, 2, 3
