with

-- Not every system knows its users.
registered as (
    {% for source_system in source_systems_that_list('users') %}
    {% if not loop.first %}union all{% endif %}
    select
        source_system,
        organization_id,
        user_id,
        user_name,
        email,
        is_active,
        is_superuser,
        signed_up_at
    from {{ ref('stg_' ~ source_system ~ '__users') }}
    {% else %}
    {{ select_no_rows() }}
    {% endfor %}
),

requesting as (select * from {{ ref('inc_requested_users') }}),

tagging as (
    select
        source_system,
        organization_id,
        user_id
    from {{ ref('fct_daily_tag_usage') }}
    where user_id is not null
),

-- Whoever used a model is listed, whether the source still lists them or not.
users as (
    select
        source_system,
        organization_id,
        user_id
    from registered
    union distinct
    select
        source_system,
        organization_id,
        user_id
    from requesting
    union distinct
    select
        source_system,
        organization_id,
        user_id
    from tagging
),

final as (
    select
        users.user_id,
        users.source_system,

        users.organization_id,

        registered.user_name,
        registered.email,

        registered.user_id is not null as is_registered,
        registered.is_active,
        registered.is_superuser,

        registered.signed_up_at,
        requesting.first_requested_at,
        requesting.last_requested_at
    from users
    left join registered
        on
            users.source_system = registered.source_system
            and users.organization_id = registered.organization_id
            and users.user_id = registered.user_id
    left join requesting
        on
            users.source_system = requesting.source_system
            and users.organization_id = requesting.organization_id
            and users.user_id = requesting.user_id
)

select * from final
