{#
    Distinct users and sessions of each changed day in this build: of the whole tenant and of each
    project. They do not add up, so that no difference of them is kept.
#}
{% macro record_activity(requests) -%}
    {%- set days_requests = build_relation_named('int_requests_of_rebuilt_days')
        if is_built_in_slices(requests.node) else requests.build -%}
    insert into {{ serving_relation('publication_activity') }} (
        build_id, source_system, organization_id, project_id, day,
        active_users, sessions, user_sessions
    )
    with

    changed_days as (
        select distinct source_system, organization_id, day
        from {{ serving_relation('publication_changes') }}
        where build_id = {{ sql_text(invocation_id) }} and day is not null
    ),

    seen as (
        select distinct
            changed_days.source_system,
            changed_days.organization_id,
            request.project_id,
            changed_days.day,
            request.user_id,
            request.session_id
        from {{ days_requests }} as request
        inner join changed_days
            on request.source_system collate "C" = changed_days.source_system
            and request.organization_id collate "C" = changed_days.organization_id
            and cast(request.requested_at as date) = changed_days.day
    )

    select
        {{ sql_text(invocation_id) }},
        source_system,
        organization_id,
        project_id,
        day,
        count(distinct user_id),
        count(distinct session_id),
        count(distinct session_id) filter (where user_id is not null)
    from seen
    group by grouping sets (
        (source_system, organization_id, day), (source_system, organization_id, day, project_id)
    );
{%- endmacro %}
