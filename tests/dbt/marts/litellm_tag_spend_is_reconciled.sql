-- Never: a request, token or cent that LiteLLM wrote for a tag is missing from its day, or counts
-- twice.
-- Why: a figure that has lost or doubled rows looks like any other, and somebody is billed by it.
-- Relies on it: fct_daily_tag_usage.
--
-- Law 1. Written straight from the raw rows and with other means than the models, so that a rule
-- that is wrong there is not wrong here in the same way. The means are those of Postgres.
{{ config(enabled=('litellm' in var('source_systems') and target.type == 'postgres')) }}
-- depends_on: {{ ref('fct_daily_tag_usage') }}

{% set raw_tag_spend = source('litellm', 'daily_tag_spend') if not execute
    else '(' ~ all_raw_rows(tracked_source('litellm__daily_tag_spend')) ~ ')' %}
with

tag_spend as (select * from {{ read_source('litellm', 'daily_tag_spend') }}),

-- A text names a day when it is the text of one, of the calendar or of the mart.
real_days as (
    select cast(date_day as text) as day_text
    from {{ days_between("date '2000-01-01'", "date '2099-12-31'") }} as calendar
    union
    select cast(day as text) as day_text
    from {{ built_rows('fct_daily_tag_usage') }}
),

raw_rows as (
    select
        real_days.day_text,
        case
            when length(tag_spend.tag) <= 512 and octet_length(tag_spend.tag) <= 768
                then tag_spend.tag
            else substring(tag_spend.tag for 96) || md5(tag_spend.tag)
        end as tag,
        {{ audited_count('tag_spend.api_requests') }} as api_requests,
        {{ audited_count('tag_spend.successful_requests') }} as successful_requests,
        {{ audited_count('tag_spend.failed_requests') }} as failed_requests,
        {{ audited_count('tag_spend.prompt_tokens') }} as prompt_tokens,
        {{ audited_count('tag_spend.completion_tokens') }} as completion_tokens,
        case
            when tag_spend.spend between -999999999999.9999 and 999999999999.9999
                then round(
                        cast(trim('"' from cast(to_jsonb(tag_spend.spend) as text)) as numeric), 22
                    )
        end as spend_usd
    from tag_spend
    left join real_days
        on tag_spend.date = real_days.day_text
),

raw_days as (
    select
        day_text,
        tag,
        count(*) as tag_rows,
        coalesce(sum(api_requests), 0) as api_requests,
        coalesce(sum(successful_requests), 0) as successful_api_requests,
        coalesce(sum(failed_requests), 0) as failed_api_requests,
        coalesce(sum(prompt_tokens), 0) as prompt_tokens,
        coalesce(sum(completion_tokens), 0) as completion_tokens,
        coalesce(sum(spend_usd), 0) as spend_usd
    from raw_rows
    group by 1, 2
),

-- Of the one tenant these rows may belong to.
mart_days as (
    select
        cast(day as text) as day_text,
        case when has_tag then tag end as tag,
        sum(tag_rows) as tag_rows,
        sum(api_requests) as api_requests,
        sum(successful_api_requests) as successful_api_requests,
        sum(failed_api_requests) as failed_api_requests,
        sum(prompt_tokens) as prompt_tokens,
        sum(completion_tokens) as completion_tokens,
        sum(spend_usd) as spend_usd
    from {{ built_rows('fct_daily_tag_usage') }}
    where
        source_system = 'litellm'
        and not is_archived
        and organization_id = {{ var_text('default_organization_id') }}
        and project_id = {{ var_text('default_project_id') }}
    group by 1, 2
),

missing as (
    select * from raw_days
    except all
    select * from mart_days
),

invented as (
    select * from mart_days
    except all
    select * from raw_days
),

faults as (
    select * from missing
    union all
    select * from invented
)

select * from faults
{% if build_mode() == 'published' %}
-- After a build the source goes on: of the days that say what the build read.
where coalesce(day_text, '') in (
    select coalesce(cast(day as text), '')
    from (
        {{ raw_day_digests(raw_tag_spend) }}
        intersect
        select day, digest from {{ serving_relation('publication_raw_day_digests') }}
    ) as read_day
)
{% endif %}
