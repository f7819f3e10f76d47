-- Users and keys as LiteLLM keeps them, with what they have spent by the log.
insert into "LiteLLM_UserTable" (
    user_id, user_email, user_alias, team_id, user_role, max_budget, spend, models, metadata,
    created_at, updated_at
)
with

spent as (
    select
        "user" as user_id,
        sum(cast(spend * 1000000000000 as bigint)) as spend_units,
        min("startTime") as first_used_at,
        max("startTime") as last_used_at
    from "LiteLLM_SpendLogs"
    group by 1
),

users as (
    select distinct
        user_number,
        user_id,
        team_id
    from sample_keys
)

select
    users.user_id,
    case when users.user_id not like 'svc-%%' then 'user' || users.user_number || '@example.com' end
        as user_email,
    case when mod(users.user_number, 4) = 0 then 'User ' || users.user_number end as user_alias,
    users.team_id,
    case
        when users.user_number = 1 then 'proxy_admin'
        when mod(users.user_number, 12) = 0 then 'internal_user_viewer'
        else 'internal_user'
    end as user_role,
    case when mod(users.user_number, 5) = 0 then 250 end as max_budget,
    coalesce(cast(spent.spend_units as double precision) / 1000000000000, 0) as spend,
    case when mod(users.user_number, 6) = 0 then array['gpt-4o-mini'] else cast('{}' as text []) end
        as models,
    cast('{}' as jsonb) as metadata,
    coalesce(spent.first_used_at, cast(%(until)s as timestamp))
    - (1 + mod(users.user_number, 40)) * interval '1 hour' as created_at,
    coalesce(spent.last_used_at, cast(%(until)s as timestamp)) as updated_at
from users
left join spent
    on spent.user_id = users.user_id
