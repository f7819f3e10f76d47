-- One row per awkward case, told in id as 'awkward/<case>'; present whatever the number of rows.
-- Days are counted from today, the date of `until`; the windows end tomorrow.
insert into "LiteLLM_DailyTagSpend" (
    id, request_id, tag, date, api_key, model, model_group, custom_llm_provider,
    mcp_namespaced_tool_name, endpoint, prompt_tokens, completion_tokens, cache_read_input_tokens,
    cache_creation_input_tokens, spend, api_requests, successful_requests, failed_requests,
    created_at, updated_at
)
with

tags (number, label, tag) as (
    values
        (1, 'null', null),
        (2, 'null-again', null),
        (3, 'empty', ''),
        (4, 'space', ' '),
        (5, 'spaces-around', ' spaced '),
        (6, 'agent', 'User-Agent: awkward/1.0'),
        (7, 'agent-without-name', 'User-Agent:'),
        (8, 'agent-without-space', 'User-Agent:awkward'),
        (9, 'agent-lower-case', 'user-agent: awkward/1.0'),
        (10, 'agent-upper-case', 'USER-AGENT: awkward/1.0'),
        (11, 'agent-later', 'my User-Agent: awkward/1.0'),
        (12, 'agent-without-colon', 'User-Agent'),
        (13, 'agent-space-before', ' User-Agent: awkward/1.0'),
        (14, 'colon', 'env:awkward'),
        (15, 'colons', 'a:b:c'),
        (16, 'only-colon', ':'),
        (17, 'percent', '100%%'),
        (18, 'percent-not', '100 of 100'),
        (19, 'only-percent', '%%'),
        (20, 'underscore', 'a_b'),
        (21, 'underscore-not', 'aXb'),
        (22, 'only-underscore', '_'),
        (23, 'backslash', 'back\slash'),
        (24, 'backslash-percent', '50\%%'),
        (25, 'only-backslash', '\'),
        (26, 'lower-case', 'team-awkward'),
        (27, 'title-case', 'Team-Awkward'),
        (28, 'upper-case', 'TEAM-AWKWARD'),
        (29, 'accent', 'équipe'),
        (30, 'accent-upper-case', 'ÉQUIPE'),
        (31, 'dotted-capital', 'İSTANBUL'),
        (32, 'sharp-s', 'straße'),
        (33, 'kelvin', U&'\212A-sign'),
        (34, 'emoji', '🚀 launch'),
        (35, 'right-to-left', 'تجربة'),
        (36, 'single-quote', 'it''s'),
        (37, 'double-quote', '"quoted"'),
        (38, 'comma', 'a,b'),
        (39, 'brackets', '[1]*.?(x)'),
        (40, 'line-break', E'two\nlines'),
        (41, 'null-text', 'null'),
        (42, 'json', '{"tag": 1}'),
        (43, 'number', '42'),
        (44, 'long', repeat('long-tag-', 60))
),

tag_cases as (
    select
        'tag-' || label as label,
        tag,
        'awkward/many-tags' as api_key,
        -mod(number, 6) as day_offset,
        3 as api_requests,
        2 as successful_requests,
        1 as failed_requests
    from tags
),

-- Whose row it is: keys of every kind on the same tag and day.
key_cases as (
    select
        'key-' || substring(key_names.name from 9) as label,
        'awkward-keys' as tag,
        key_names.name as api_key,
        0 as day_offset,
        4 as api_requests,
        4 as successful_requests,
        0 as failed_requests
    from (
        select token as name
        from "LiteLLM_VerificationToken"
        where
            token like 'awkward/%%'
            and token not in (
                'awkward/never-used', 'awkward/untagged-only', 'awkward/empty-tag-only',
                'awkward/own-tags-only', 'awkward/own-tags-tie', 'awkward/agent-tie',
                'awkward/agent-over-days', 'awkward/last-month-only', 'awkward/future-only'
            )
        union all
        select 'awkward/no-token' as name
    ) as key_names
    union all
    select
        'key-empty' as label,
        'awkward-keys' as tag,
        '' as api_key,
        0 as day_offset,
        4 as api_requests,
        4 as successful_requests,
        0 as failed_requests
),

-- The first and last days of the windows of 7, 30, 49 and 210 days, the days beside them, the
-- days where one period meets the next, and the days after the windows.
date_cases as (
    select
        tag.prefix || day.number as label,
        tag.name as tag,
        'awkward/many-tags' as api_key,
        1 - day.number as day_offset,
        2 as api_requests,
        1 as successful_requests,
        1 as failed_requests
    from unnest(
        array[-30, -8, -1, 0, 1, 6, 7, 13, 14, 29, 30, 48, 49, 59, 60, 209, 210]
    ) as day (number)
    cross join (
        values
            ('date-', 'awkward-dates'),
            ('agent-date-', 'User-Agent: awkward-dates')
    ) as tag (prefix, name)
),

-- Which user agent stands for a user, and users who are in one window only.
agent_cases (
    label, tag, api_key, day_offset, api_requests, successful_requests, failed_requests
) as (
    values
        ('untagged', null, 'awkward/untagged-only', 0, 5, 5, 0),
        ('empty-tag', '', 'awkward/empty-tag-only', 0, 5, 5, 0),
        ('own-tag-small', 'alpha', 'awkward/own-tags-only', 0, 3, 3, 0),
        ('own-tag-large', 'beta', 'awkward/own-tags-only', -1, 7, 6, 1),
        ('own-tag-empty', '', 'awkward/own-tags-only', -1, 99, 90, 9),
        ('own-tag-tie-larger', 'beta', 'awkward/own-tags-tie', 0, 5, 5, 0),
        ('own-tag-tie-smaller', 'Beta', 'awkward/own-tags-tie', 0, 5, 5, 0),
        ('agent-tie-larger', 'User-Agent: tie-b', 'awkward/agent-tie', 0, 5, 5, 0),
        ('agent-tie-smaller', 'User-Agent: tie-a', 'awkward/agent-tie', -2, 5, 4, 1),
        ('agent-tie-own-tag', 'alpha', 'awkward/agent-tie', 0, 50, 50, 0),
        ('agent-over-days-first', 'User-Agent: over-days', 'awkward/agent-over-days', 0, 3, 3, 0),
        ('agent-over-days-then', 'User-Agent: over-days', 'awkward/agent-over-days', -5, 3, 3, 0),
        ('agent-over-days-peak', 'User-Agent: peak', 'awkward/agent-over-days', -5, 5, 5, 0),
        ('agent-over-days-old', 'User-Agent: old', 'awkward/agent-over-days', -40, 500, 500, 0),
        ('last-month-only', 'User-Agent: old', 'awkward/last-month-only', -30, 8, 8, 0),
        ('future-only', 'User-Agent: new', 'awkward/future-only', 3, 8, 8, 0)
),

amount_cases (label, day_offset, api_requests, successful_requests, failed_requests) as (
    values
        ('no-requests', 0, 0, 0, 0),
        ('only-failed', -1, 6, 0, 6),
        ('neither-successful-nor-failed', -1, 6, 1, 2),
        ('tokens-beyond-32-bits', -2, 40, 40, 0),
        ('spend-tiny', -2, 1, 1, 0),
        ('spend-seventeen-digits', -2, 1, 1, 0),
        ('no-tokens', -3, 1, 1, 0),
        ('texts-null', -3, 1, 1, 0),
        ('texts-empty', -3, 1, 1, 0),
        ('twice', -4, 2, 2, 0),
        ('twice-again', -4, 2, 2, 0)
),

-- Tags that are used once: more than the 250 that a list of tags may hold.
job_cases as (
    select
        'job-' || to_char(job.number, 'FM000') as label,
        'job-' || to_char(job.number, 'FM000') as tag,
        sample_keys.token as api_key,
        -mod(job.number, 180) as day_offset,
        1 as api_requests,
        1 as successful_requests,
        0 as failed_requests
    from generate_series(1, 260) as job (number)
    inner join sample_keys
        on sample_keys.key_number = 1 + mod(job.number, 20)
),

cases as (
    select
        label,
        tag,
        api_key,
        day_offset,
        api_requests,
        successful_requests,
        failed_requests
    from tag_cases
    union all
    select
        label,
        tag,
        api_key,
        day_offset,
        api_requests,
        successful_requests,
        failed_requests
    from key_cases
    union all
    select
        label,
        tag,
        api_key,
        day_offset,
        api_requests,
        successful_requests,
        failed_requests
    from date_cases
    union all
    select
        label,
        tag,
        api_key,
        day_offset,
        api_requests,
        successful_requests,
        failed_requests
    from agent_cases
    union all
    select
        'amount-' || label as label,
        'awkward-amounts' as tag,
        'awkward/many-tags' as api_key,
        day_offset,
        api_requests,
        successful_requests,
        failed_requests
    from amount_cases
    union all
    select
        label,
        tag,
        api_key,
        day_offset,
        api_requests,
        successful_requests,
        failed_requests
    from job_cases
),

final as (
    select
        label,
        tag,
        api_key,
        api_requests,
        successful_requests,
        failed_requests,
        date_trunc('day', cast(%(until)s as timestamp)) + day_offset * interval '1 day' as day
    from cases
)

select
    'awkward/' || label as id,
    -- A request that carries several tags is named in several rows.
    case when label like 'tag-%%' then 'awkward/cache-true' end as request_id,
    tag,
    to_char(day, 'YYYY-MM-DD') as date,
    api_key,
    case label
        when 'amount-texts-null' then null
        when 'amount-texts-empty' then ''
        else 'gpt-4o'
    end as model,
    case label
        when 'amount-texts-null' then null
        when 'amount-texts-empty' then ''
        else 'gpt-4o'
    end as model_group,
    case label
        when 'amount-texts-null' then null
        when 'amount-texts-empty' then ''
        else 'openai'
    end as custom_llm_provider,
    case label when 'amount-texts-empty' then '' end as mcp_namespaced_tool_name,
    case label
        when 'amount-texts-null' then null
        when 'amount-texts-empty' then ''
        else '/chat/completions'
    end as endpoint,
    case label
        when 'amount-no-tokens' then 0
        when 'amount-tokens-beyond-32-bits' then 3000000000
        else 1000 * api_requests
    end as prompt_tokens,
    case label
        when 'amount-no-tokens' then 0
        when 'amount-tokens-beyond-32-bits' then 100000000
        else 100 * api_requests
    end as completion_tokens,
    0 as cache_read_input_tokens,
    0 as cache_creation_input_tokens,
    case label
        when 'amount-spend-tiny' then cast('0.0000000000004' as double precision)
        when 'amount-spend-seventeen-digits' then cast('0.30000000000000004' as double precision)
        else cast(35 * api_requests as double precision) / 10000
    end as spend,
    api_requests,
    successful_requests,
    failed_requests,
    day as created_at,
    day as updated_at
from final
