-- Users of the awkward cases, told in user_id as 'awkward/<case>'.
insert into "LiteLLM_UserTable" (
    user_id, user_email, user_alias, team_id, user_role, max_budget, spend, models, metadata,
    created_at, updated_at
)
select
    'awkward/' || cases.label as user_id,
    cases.user_email,
    cast(null as text) as user_alias,
    cast(null as text) as team_id,
    'internal_user' as user_role,
    cast(null as double precision) as max_budget,
    0 as spend,
    cast('{}' as text []) as models,
    cast('{}' as jsonb) as metadata,
    cast(%(until)s as timestamp) - interval '12 months' as created_at,
    cast(%(until)s as timestamp) - interval '12 months' as updated_at
from (
    values
        ('many-tags', 'many-tags@example.com'),
        ('no-email', null),
        ('Dana', 'dana.upper@example.com'),
        ('dana', 'dana.lower@example.com'),
        ('two-keys', 'two-keys@example.com'),
        ('never-used', 'never-used@example.com'),
        ('untagged-only', 'untagged-only@example.com'),
        ('empty-tag-only', 'empty-tag-only@example.com'),
        ('own-tags-only', 'own-tags-only@example.com'),
        ('own-tags-tie', 'own-tags-tie@example.com'),
        ('agent-tie', 'agent-tie@example.com'),
        ('agent-over-days', 'agent-over-days@example.com'),
        ('last-month-only', 'last-month-only@example.com'),
        ('future-only', 'future-only@example.com'),
        ('o''Neill 100%% a_b\c "ü"', 'odd.characters@example.com')
) as cases (label, user_email)
