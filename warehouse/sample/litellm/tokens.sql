-- Keys with what they have spent by the log.
insert into "LiteLLM_VerificationToken" (
    token, user_id, key_name, key_alias, spend, expires, models, team_id, metadata, blocked,
    created_at, updated_at
)
with

spent as (
    select
        api_key,
        sum(cast(spend * 1000000000000 as bigint)) as spend_units,
        min("startTime") as first_used_at,
        max("startTime") as last_used_at
    from "LiteLLM_SpendLogs"
    group by 1
)

select
    keys.token,
    keys.user_id,
    'sk-...' || substring(keys.token from 1 for 4) as key_name,
    keys.metadata ->> 'user_api_key_alias' as key_alias,
    coalesce(cast(spent.spend_units as double precision) / 1000000000000, 0) as spend,
    case
        when mod(keys.key_number, 7) = 0 then cast(%(until)s as timestamp) + interval '90 days'
    end as expires,
    cast('{}' as text []) as models,
    keys.team_id,
    cast('{}' as jsonb) as metadata,
    case when mod(keys.key_number, 11) = 0 then true end as blocked,
    coalesce(spent.first_used_at, cast(%(until)s as timestamp))
    - (1 + mod(keys.key_number, 20)) * interval '1 hour' as created_at,
    coalesce(spent.last_used_at, cast(%(until)s as timestamp)) as updated_at
from sample_keys as keys
left join spent
    on spent.api_key = keys.token
