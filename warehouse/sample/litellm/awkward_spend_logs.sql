-- One request per awkward case, told in request_id as 'awkward/<case>'; present whatever the number
-- of rows. A case without a time of its own falls somewhere in the last three weeks.
insert into "LiteLLM_SpendLogs" (
    request_id, call_type, api_key, spend, total_tokens, prompt_tokens, completion_tokens,
    "startTime", "endTime", "completionStartTime", request_duration_ms, model, "user", cache_hit,
    session_id, status, model_id, model_group, custom_llm_provider, api_base, metadata, cache_key,
    request_tags, team_id, organization_id, end_user, requester_ip_address
)
with

-- Where the windows of the definitions begin and end, and the months and hours.
edges as (
    select
        edge.label,
        edge.starts_at
    from (
        select
            cast(%(until)s as timestamp) as as_of,
            date_trunc('day', cast(%(until)s as timestamp)) as midnight
    ) as moments
    cross join lateral (
        values
            ('as-of', moments.as_of),
            ('hour-ago', moments.as_of - interval '1 hour'),
            ('day-ago', moments.as_of - interval '24 hours'),
            ('two-days-ago', moments.as_of - interval '48 hours'),
            ('today', moments.midnight),
            ('week-before-today', moments.midnight - interval '7 days'),
            ('fortnight-before-today', moments.midnight - interval '14 days'),
            ('full-hour', date_trunc('hour', moments.as_of)),
            ('month', date_trunc('month', moments.as_of)),
            ('month-before', date_trunc('month', moments.as_of) - interval '1 month'),
            ('year', date_trunc('year', moments.as_of))
    ) as edge (label, starts_at)
),

moment_cases as (
    select
        edges.label || side.label as label,
        edges.starts_at + side.distance as started_at
    from edges
    cross join (
        values
            ('-just-before', interval '-1 millisecond'),
            ('', interval '0'),
            ('-just-after', interval '1 millisecond')
    ) as side (label, distance)
    union all
    select
        future.label,
        cast(%(until)s as timestamp) + future.distance as started_at
    from (
        values
            ('future-hours', interval '5 hours'),
            ('future-days', interval '2 days')
    ) as future (label, distance)
),

-- A text is taken as it stands, and none is NULL.
text_cases (label, model, user_id, session_id, cache_hit, status) as (
    values
        ('cache-true', 'gpt-4o', 'awkward/dana', 'session-a', 'True', 'success'),
        ('cache-false', 'gpt-4o', 'awkward/dana', 'session-a', 'False', 'success'),
        ('cache-none', 'gpt-4o', 'awkward/dana', 'session-a', 'None', 'success'),
        ('cache-empty', 'gpt-4o', 'awkward/dana', 'session-a', '', 'success'),
        ('cache-null', 'gpt-4o', 'awkward/dana', 'session-a', null, 'success'),
        ('cache-lower-case', 'gpt-4o', 'awkward/dana', 'session-a', 'true', 'success'),
        ('cache-upper-case', 'gpt-4o', 'awkward/dana', 'session-a', 'FALSE', 'success'),
        ('cache-number', 'gpt-4o', 'awkward/dana', 'session-a', '1', 'success'),
        ('cache-space', 'gpt-4o', 'awkward/dana', 'session-a', 'True ', 'success'),
        ('cache-true-failed', 'gpt-4o', 'awkward/dana', 'session-a', 'True', 'failure'),
        ('status-failure', 'gpt-4o', 'awkward/dana', 'session-a', 'False', 'failure'),
        ('status-null', 'gpt-4o', 'awkward/dana', 'session-a', 'False', null),
        ('status-empty', 'gpt-4o', 'awkward/dana', 'session-a', 'False', ''),
        ('status-odd-case', 'gpt-4o', 'awkward/dana', 'session-a', 'False', 'Success'),
        ('status-space', 'gpt-4o', 'awkward/dana', 'session-a', 'False', 'failure '),
        ('status-pending', 'gpt-4o', 'awkward/dana', 'session-a', 'False', 'pending'),
        ('status-cancelled', 'gpt-4o', 'awkward/dana', 'session-a', null, 'cancelled'),
        ('model-null', null, 'awkward/dana', 'session-a', 'False', 'success'),
        ('model-empty', '', 'awkward/dana', 'session-a', 'False', 'success'),
        ('model-space', ' ', 'awkward/dana', 'session-a', 'False', 'success'),
        ('model-odd-case', 'GPT-4o', 'awkward/dana', 'session-a', 'False', 'success'),
        ('model-unicode', 'modèle-Δ "x"', 'awkward/dana', 'session-a', 'False', 'success'),
        ('model-tie-b', 'awkward/tie-b', 'awkward/dana', 'session-a', 'False', 'success'),
        ('model-tie-a', 'awkward/tie-a', 'awkward/dana', 'session-a', 'False', 'success'),
        ('model-failures-only', 'awkward/fails', 'awkward/dana', 'session-a', 'False', 'failure'),
        ('model-status-null-only', 'awkward/silent', 'awkward/dana', 'session-a', 'False', null),
        ('user-null', 'gpt-4o', null, 'session-b', 'False', 'success'),
        ('user-empty', 'gpt-4o', '', 'session-b', 'False', 'success'),
        ('user-odd-case', 'gpt-4o', 'awkward/Dana', 'session-b', 'False', 'success'),
        ('user-unknown', 'gpt-4o', 'awkward/gone', 'session-b', 'False', 'success'),
        ('session-null', 'gpt-4o', 'awkward/dana', null, 'False', 'success'),
        ('session-empty', 'gpt-4o', 'awkward/dana', '', 'False', 'success'),
        ('session-odd-case', 'gpt-4o', 'awkward/dana', 'Session-A', 'False', 'success'),
        ('all-empty', '', '', '', '', ''),
        ('all-null', null, null, null, null, null)
),

token_cases (label, prompt_tokens, completion_tokens, total_tokens, spend, status) as (
    values
        ('tokens-zero', 0, 0, 0, '0', 'success'),
        ('tokens-prompt-only', 900, 0, 900, '0.0018', 'success'),
        ('tokens-completion-only', 0, 40, 40, '0.0004', 'success'),
        ('total-above-sum', 1000, 100, 1612, '0.00862', 'success'),
        ('total-without-parts', 0, 0, 777, '0.0005', 'success'),
        ('tokens-of-failure', 5000, 12, 5012, '0', 'failure'),
        ('tokens-many', 1048576, 65536, 1114112, '3.276800', 'success'),
        ('spend-tiny', 1, 1, 2, '0.0000000000004', 'success'),
        ('spend-seventeen-digits', 10, 10, 20, '0.30000000000000004', 'success'),
        ('spend-of-failure', 10, 0, 10, '0.0123', 'failure'),
        ('spend-without-tokens', 0, 0, 0, '0.04', 'success')
),

-- Each with a model of its own: figures per model must not fail where a duration is missing.
duration_cases (label, latency_ms, first_token_ms, completion_tokens, status) as (
    values
        ('end-missing', null, 300, 100, 'success'),
        ('first-token-missing', 1500, null, 100, 'success'),
        ('times-missing', null, null, 100, 'success'),
        ('end-missing-failed', null, null, 0, 'failure'),
        ('first-token-of-failure', 1500, 300, 0, 'failure'),
        ('latency-zero', 0, 0, 100, 'success'),
        ('latency-one', 1, 1, 100, 'success'),
        ('latency-of-no-tokens', 1500, 300, 0, 'success'),
        ('latency-two-hours', 7200000, 7000000, 100, 'success'),
        ('latency-of-status-null', 1500, 300, 100, null)
),

-- What the definitions do not use may hold anything.
unused_cases (label, provider, request_tags) as (
    values
        ('provider-null', null, '["awkward-log"]'),
        ('provider-empty', '', '["awkward-log"]'),
        ('tags-null', 'openai', null),
        ('tags-json-null', 'openai', 'null'),
        ('tags-text', 'openai', '"awkward-log"'),
        ('tags-object', 'openai', '{"tag": "awkward-log"}'),
        ('tags-numbers', 'openai', '[1, null, true]')
),

-- What the proxy says of the parts of a usage, of rows that are awkward for other reasons.
usage_cases (label, metadata) as (
    values
        ('cache-true', '{"usage_object": {"prompt_tokens_details": {"cached_tokens": 512}}}'),
        ('cache-false', '{"usage_object": {"prompt_tokens_details": {"cached_tokens": 512}}}'),
        ('cache-none', '{"usage_object": {"prompt_tokens_details": {"cached_tokens": 1000}}}'),
        -- Parts that claim more than the whole of 1,000 and 100 tokens.
        (
            'cache-empty',
            '{"usage_object": {"prompt_tokens_details": {"cached_tokens": 900, "audio_tokens": 300}}}'
        ),
        (
            'cache-null',
            '{"usage_object": {"completion_tokens_details": {"reasoning_tokens": 1360}}}'
        ),
        -- Audio both ways, and a write for an hour.
        (
            'cache-lower-case',
            '{"usage_object": {"prompt_tokens_details": {"audio_tokens": 400},'
            ' "completion_tokens_details": {"audio_tokens": 80}}}'
        ),
        (
            'cache-upper-case',
            '{"usage_object": {"cache_creation_input_tokens": 600,'
            ' "cache_creation": {"ephemeral_1h_input_tokens": 200}}}'
        ),
        -- Each processing, and what says nothing.
        ('cache-number', '{"usage_object": {"service_tier": "auto"}}'),
        ('cache-space', '{"usage_object": {"service_tier": "batch"}}'),
        ('cache-true-failed', '{"usage_object": {"service_tier": "flex"}}'),
        ('status-failure', '{"usage_object": {"service_tier": "priority"}}'),
        ('status-null', '{"usage_object": {"speed": "fast"}}'),
        -- Where the usage stands, and what is none.
        (
            'status-empty',
            '{"additional_usage_values": {"prompt_tokens_details": {"cached_tokens": 256}}}'
        ),
        (
            'status-odd-case',
            '{"usage_object": null,'
            ' "additional_usage_values": {"prompt_tokens_details": {"cached_tokens": 256}}}'
        ),
        ('status-space', '{"usage_object": {}}'),
        ('status-pending', '{"usage_object": "many"}'),
        ('status-cancelled', '{"usage_object": {"prompt_tokens_details": "many"}}'),
        (
            'model-space',
            '{"usage_object": {"prompt_tokens_details": {"cached_tokens": 1.5}}}'
        ),
        ('model-odd-case', '[1, null, true]'),
        ('model-unicode', 'null'),
        ('model-tie-a', '"{\"usage_object\": {\"prompt_tokens_details\": {\"cached_tokens\": 3}}}"'),
        ('model-tie-b', '"{\"usage_object"'),
        (
            'tokens-many',
            '{"usage_object": {"prompt_tokens_details": {"cached_tokens": 1000000}}}'
        )
),

cases as (
    select
        label,
        started_at,
        'gpt-4o-mini' as model,
        'awkward/two-keys' as user_id,
        'session-edges' as session_id,
        'False' as cache_hit,
        'success' as status,
        1000 as prompt_tokens,
        100 as completion_tokens,
        1100 as total_tokens,
        '0.00021' as spend,
        1500 as latency_ms,
        300 as first_token_ms,
        'openai' as provider,
        '["awkward-log"]' as request_tags
    from moment_cases
    union all
    select
        label,
        cast(null as timestamp) as started_at,
        model,
        user_id,
        session_id,
        cache_hit,
        status,
        1000 as prompt_tokens,
        100 as completion_tokens,
        1100 as total_tokens,
        '0.0035' as spend,
        1500 as latency_ms,
        300 as first_token_ms,
        'openai' as provider,
        '["awkward-log"]' as request_tags
    from text_cases
    union all
    select
        label,
        cast(null as timestamp) as started_at,
        'gpt-4o' as model,
        'awkward/dana' as user_id,
        'session-tokens' as session_id,
        'False' as cache_hit,
        status,
        prompt_tokens,
        completion_tokens,
        total_tokens,
        spend,
        1500 as latency_ms,
        300 as first_token_ms,
        'openai' as provider,
        '["awkward-log"]' as request_tags
    from token_cases
    union all
    select
        label,
        cast(null as timestamp) as started_at,
        'awkward/' || label as model,
        'awkward/dana' as user_id,
        'session-times' as session_id,
        'False' as cache_hit,
        status,
        1000 as prompt_tokens,
        completion_tokens,
        1000 + completion_tokens as total_tokens,
        '0.0035' as spend,
        latency_ms,
        first_token_ms,
        'openai' as provider,
        '["awkward-log"]' as request_tags
    from duration_cases
    union all
    select
        label,
        cast(null as timestamp) as started_at,
        'gpt-4o' as model,
        'awkward/dana' as user_id,
        'session-unused' as session_id,
        'False' as cache_hit,
        'success' as status,
        1000 as prompt_tokens,
        100 as completion_tokens,
        1100 as total_tokens,
        '0.0035' as spend,
        1500 as latency_ms,
        300 as first_token_ms,
        provider,
        request_tags
    from unused_cases
),

hashed as materialized (
    select
        cases.label,
        pg_temp.sample_hash(cast(%(seed)s as bigint), 'awkward LiteLLM_SpendLogs', cases.label)
            as hash
    from cases
),

timed as (
    select
        hashed.label,
        coalesce(
            cases.started_at,
            date_trunc('milliseconds', cast(%(until)s as timestamp))
            - interval '3 days'
            - mod(pg_temp.sample_draw_31_bits(hashed.hash, 16), 1500000000)
            * interval '1 millisecond'
        ) as started_at
    from hashed
    inner join cases
        on cases.label = hashed.label
)

select
    'awkward/' || cases.label as request_id,
    'acompletion' as call_type,
    case cases.label
        when 'all-empty' then ''
        when 'all-null' then 'awkward/no-token'
        else 'awkward/many-tags'
    end as api_key,
    cast(cases.spend as double precision) as spend,
    cases.total_tokens,
    cases.prompt_tokens,
    cases.completion_tokens,
    timed.started_at as "startTime",
    timed.started_at + cases.latency_ms * interval '1 millisecond' as "endTime",
    timed.started_at + cases.first_token_ms * interval '1 millisecond' as "completionStartTime",
    cases.latency_ms as request_duration_ms,
    cases.model,
    cases.user_id as "user",
    cases.cache_hit,
    cases.session_id,
    cases.status,
    cast(null as text) as model_id,
    cases.model as model_group,
    cases.provider as custom_llm_provider,
    cast(null as text) as api_base,
    cast(usage_cases.metadata as jsonb) as metadata,
    cast(null as text) as cache_key,
    cast(cases.request_tags as jsonb) as request_tags,
    cast(null as text) as team_id,
    cast(null as text) as organization_id,
    cast(null as text) as end_user,
    cast(null as text) as requester_ip_address
from cases
inner join timed
    on timed.label = cases.label
left join usage_cases
    on usage_cases.label = cases.label
