with

tag_spend as (select * from {{ ref('stg_litellm__daily_tag_spend') }}),

tokens as (select * from {{ ref('stg_litellm__verification_tokens') }}),

-- Whose row it is, the key knows: its owner, where it has one. The empty tag is a tag.
final as (
    select
        tag_spend.tag_spend_id,
        tag_spend.source_system,

        {{ var_text('default_organization_id') }} as organization_id,
        {{ var_text('default_project_id') }} as project_id,
        nullif(tag_spend.api_key_hash, '') as api_key_id,
        tokens.user_id,

        coalesce(tag_spend.raw_tag, '') as tag,
        tag_spend.raw_tag is not null as has_tag,

        tag_spend.api_requests,
        tag_spend.successful_api_requests,
        tag_spend.failed_api_requests,
        tag_spend.prompt_tokens,
        tag_spend.completion_tokens,
        tag_spend.spend_usd,

        tag_spend.day
    from tag_spend
    left join tokens
        on tag_spend.api_key_hash = tokens.api_key_hash
)

select * from final
