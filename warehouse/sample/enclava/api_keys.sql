-- The keys with their counters, as Enclava keeps them beside the requests.
insert into api_keys (
    id, user_id, name, key_hash, key_prefix, is_active, is_unlimited, budget_limit_cents,
    total_requests, total_tokens, total_cost, created_at, updated_at, last_used_at, expires_at
)
with

used as (
    select
        api_key_id,
        count(*) as total_requests,
        sum(total_tokens) as total_tokens,
        sum(cost_cents) as total_cost,
        max(created_at) as last_used_at
    from usage_tracking
    where id > cast(%(reserved)s as bigint)
    group by 1
),

keys as (
    select
        cast(%(reserved)s as bigint) + key_number as id,
        cast(%(reserved)s as bigint) + user_number as user_id,
        key_number,
        has_budget,
        encode(
            pg_temp.sample_hash(cast(%(seed)s as bigint), 'api_keys', cast(key_number as text)),
            'hex'
        ) as key_hash
    from sample_keys
)

select
    keys.id,
    keys.user_id,
    'Key ' || keys.key_number as name,
    keys.key_hash,
    'en_' || substring(keys.key_hash from 1 for 5) as key_prefix,
    -- A key that was switched off has requests from before.
    mod(keys.key_number, 13) > 0 as is_active,
    not keys.has_budget as is_unlimited,
    case when keys.has_budget then 5000 end as budget_limit_cents,
    coalesce(used.total_requests, 0) as total_requests,
    -- The counter is as narrow as Enclava's own.
    least(coalesce(used.total_tokens, 0), 2147483647) as total_tokens,
    coalesce(used.total_cost, 0) as total_cost,
    cast(%(until)s as timestamp) - interval '15 months' as created_at,
    coalesce(used.last_used_at, cast(%(until)s as timestamp) - interval '15 months') as updated_at,
    used.last_used_at,
    case
        when mod(keys.key_number, 7) = 0 then cast(%(until)s as timestamp) + interval '90 days'
    end as expires_at
from keys
left join used
    on used.api_key_id = keys.id
