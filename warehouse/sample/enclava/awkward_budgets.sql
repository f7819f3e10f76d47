-- Budgets of awkward cases, told in name as 'awkward/<case>'. Key 190 was removed.
insert into budgets (
    id, name, user_id, api_key_id, limit_cents, current_usage_cents, is_active, is_exceeded,
    warning_threshold_cents, period_type, period_start, period_end, is_warning_sent,
    enforce_hard_limit, enforce_warning, currency, created_at, updated_at, last_reset_at
)
select
    cases.id,
    'awkward/' || cases.label as name,
    cases.user_id,
    cases.api_key_id,
    cases.limit_cents,
    cases.current_usage_cents,
    cases.is_active,
    cases.is_exceeded,
    cast(null as integer) as warning_threshold_cents,
    'monthly' as period_type,
    date_trunc('month', cast(%(until)s as timestamp)) as period_start,
    date_trunc('month', cast(%(until)s as timestamp)) + interval '1 month' as period_end,
    false as is_warning_sent,
    true as enforce_hard_limit,
    true as enforce_warning,
    'USD' as currency,
    date_trunc('month', cast(%(until)s as timestamp)) as created_at,
    date_trunc('month', cast(%(until)s as timestamp)) as updated_at,
    cast(null as timestamp) as last_reset_at
from (
    values
        (1, 'ordinary', 1, null, 1000, 100, true, false),
        (2, 'inactive', 1, null, 1000, 100, false, false),
        (3, 'active-null', 1, null, 1000, 100, null, false),
        (4, 'flag-without-usage', 1, null, 1000, 100, true, true),
        (5, 'usage-without-flag', 1, null, 1000, 1500, true, false),
        (6, 'exceeded-null', 1, null, 1000, 1200, true, null),
        (7, 'exactly-80-percent', 1, null, 1000, 800, true, false),
        (8, 'just-below-80-percent', 1, null, 1000, 799, true, false),
        (9, 'just-above-80-percent-of-333', 1, null, 333, 267, true, false),
        (10, 'just-below-80-percent-of-333', 1, null, 333, 266, true, false),
        (11, 'exactly-the-limit', 2, null, 1000, 1000, true, true),
        (12, 'usage-null', 2, null, 1000, null, true, false),
        (13, 'limit-zero', 2, null, 0, 0, true, false),
        (14, 'limit-zero-used', 2, null, 0, 5, true, false),
        (15, 'inactive-exceeded', 2, null, 1000, 2000, false, true),
        (16, 'own-key', 1, 1, 1000, 100, true, false),
        (17, 'key-of-another-user', 2, 1, 1000, 100, true, false),
        (18, 'inactive-key', 1, 2, 1000, 100, true, false),
        (19, 'inactive-key-of-another-user', 2, 2, 1000, 100, true, false),
        (20, 'key-removed', 3, 190, 1000, 100, true, false),
        (21, 'all-null', 4, null, 1000, null, null, null)
) as cases (
    id, label, user_id, api_key_id, limit_cents, current_usage_cents, is_active, is_exceeded
)
