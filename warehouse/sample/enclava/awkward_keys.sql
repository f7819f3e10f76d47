-- The keys of the awkward cases.
insert into api_keys (
    id, user_id, name, key_hash, key_prefix, is_active, is_unlimited, budget_limit_cents,
    total_requests, total_tokens, total_cost, created_at, updated_at, last_used_at, expires_at
)
select
    cases.id,
    cases.user_id,
    'awkward/' || cases.label as name,
    'awkward/' || cases.label as key_hash,
    'awkward' as key_prefix,
    cases.is_active,
    true as is_unlimited,
    cast(null as integer) as budget_limit_cents,
    0 as total_requests,
    0 as total_tokens,
    0 as total_cost,
    cast(%(until)s as timestamp) - interval '15 months' as created_at,
    cast(%(until)s as timestamp) - interval '15 months' as updated_at,
    cast(null as timestamp) as last_used_at,
    case when cases.label = 'expired' then cast(%(until)s as timestamp) - interval '1 day' end
        as expires_at
from (
    values
        (1, 1, 'active', true),
        (2, 1, 'inactive', false),
        (3, 2, 'of-other', true),
        (4, 2, 'active-null', null),
        (5, 1, 'never-used', true),
        (6, 1, 'expired', true),
        (7, 3, 'of-inactive-user', true),
        (9, 9, 'tie-nine', true),
        (10, 10, 'tie-ten', true)
) as cases (id, user_id, label, is_active)
