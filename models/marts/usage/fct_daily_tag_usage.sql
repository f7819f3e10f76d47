with

-- Only LiteLLM's requests carry tags. A row whose date is none belongs to no day, but is kept.
tag_spend as (
    {% if 'litellm' in enabled_source_systems() %}
    select
        day,
        source_system,
        organization_id,
        project_id,
        user_id,
        api_key_id,
        tag,
        has_tag,
        count(*) as tag_rows,
        sum(api_requests) as api_requests,
        sum(successful_api_requests) as successful_api_requests,
        sum(failed_api_requests) as failed_api_requests,
        sum(prompt_tokens) as prompt_tokens,
        sum(completion_tokens) as completion_tokens,
        sum(spend_usd) as spend_usd
    from {{ ref('int_litellm__tag_spend') }}
    group by 1, 2, 3, 4, 5, 6, 7, 8
    {% else %}
    {{ select_no_rows() }}
    {% endif %}
),

-- An amount that no row of the bucket has counts 0.
final as (
    select
        day,
        source_system,
        organization_id,
        project_id,
        user_id,
        api_key_id,

        tag,
        has_tag,
        false as is_archived,

        tag_rows,
        cast(coalesce(api_requests, 0) as bigint) as api_requests,
        cast(coalesce(successful_api_requests, 0) as bigint) as successful_api_requests,
        cast(coalesce(failed_api_requests, 0) as bigint) as failed_api_requests,
        cast(coalesce(prompt_tokens, 0) as bigint) as prompt_tokens,
        cast(coalesce(completion_tokens, 0) as bigint) as completion_tokens,
        cast(
            coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0) as bigint
        ) as api_tokens,
        cast(coalesce(spend_usd, 0) as numeric(38, 22)) as spend_usd
    from tag_spend
)

select * from final
