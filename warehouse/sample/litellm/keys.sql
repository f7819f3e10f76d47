-- One or two keys per user. A key belongs to an application: it sends the same tags with every
-- request, its user agent as two tags, without and with the version, and some keys none at all.
insert into sample_keys (key_number, user_number, token, user_id, team_id, tags, metadata)
with

users as materialized (
    select
        user_number.number as user_number,
        pg_temp.sample_hash(
            cast(%(seed)s as bigint), 'LiteLLM_UserTable', cast(user_number.number as text)
        ) as hash
    from generate_series(1, cast(%(user_count)s as integer)) as user_number (number)
),

keys as (
    select
        users.user_number,
        key_of_user.number as key_of_user,
        row_number() over (order by key_of_user.number, users.user_number) as key_number,
        -- Service accounts have readable ids and no e-mail.
        case
            when mod(users.user_number, 10) = 0 then 'svc-' || users.user_number
            else cast(pg_temp.sample_uuid(users.hash) as text)
        end as user_id
    from users
    cross join lateral generate_series(
        1, 1 + mod(users.user_number, 3) / 2
    ) as key_of_user (number)
),

described as (
    select
        user_number,
        key_of_user,
        key_number,
        user_id,
        (array[
            'search', 'billing', 'support', 'research', 'growth', 'platform', 'mobile', 'data'
        ])[1 + mod(user_number, 8)] as team,
        (array[
            'claude-cli/2.0.14', 'OpenAI/Python 1.99.9', 'OpenAI/JS 5.12.2',
            'python-httpx/0.28.1', 'litellm/1.77.3', 'curl/8.5.0', null
        ])[1 + mod(key_number, 7)] as user_agent,
        (array['env:production', 'env:staging', null])[1 + mod(key_number, 3)] as environment
    from keys
),

final as (
    select
        cast(key_number as integer) as key_number,
        user_number,
        encode(
            pg_temp.sample_hash(
                cast(%(seed)s as bigint),
                'LiteLLM_VerificationToken',
                user_number || '/' || key_of_user
            ),
            'hex'
        ) as token,
        user_id,
        'team-' || team as team_id,
        case
            when mod(key_number, 9) = 8 then cast('[]' as jsonb)
            else
                to_jsonb(
                    array_remove(
                        array[
                            team,
                            'User-Agent: ' || split_part(user_agent, '/', 1),
                            'User-Agent: ' || user_agent,
                            environment
                        ],
                        null
                    )
                )
        end as tags,
        jsonb_build_object('user_api_key_alias', team || '-' || key_number) as metadata
    from described
)

select
    key_number,
    user_number,
    token,
    user_id,
    team_id,
    tags,
    metadata
from final
