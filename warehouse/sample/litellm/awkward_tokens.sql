-- A key for each awkward user and keys that lead to none, told in token as 'awkward/<case>'.
insert into "LiteLLM_VerificationToken" (
    token, user_id, key_name, key_alias, spend, expires, models, team_id, metadata, blocked,
    created_at, updated_at
)
select
    'awkward/' || cases.label as token,
    cases.user_id,
    cast(null as text) as key_name,
    cast(null as text) as key_alias,
    0 as spend,
    case when cases.label = 'expired' then cast(%(until)s as timestamp) - interval '1 day' end
        as expires,
    cast('{}' as text []) as models,
    cast(null as text) as team_id,
    cast('{}' as jsonb) as metadata,
    case when cases.label = 'blocked' then true end as blocked,
    cast(%(until)s as timestamp) - interval '12 months' as created_at,
    cast(%(until)s as timestamp) - interval '12 months' as updated_at
from (
    select
        substring(user_id from 9) as label,
        user_id
    from "LiteLLM_UserTable"
    where user_id like 'awkward/%%'
    union all
    select
        label,
        user_id
    from (
        values
            ('two-keys-second', 'awkward/two-keys'),
            ('user-null', null),
            ('user-empty', ''),
            ('user-unknown', 'awkward/gone'),
            ('blocked', 'awkward/many-tags'),
            ('expired', 'awkward/many-tags')
    ) as further (label, user_id)
) as cases
