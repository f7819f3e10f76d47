{#
    The newest change among each tenant's requests. After a build of slices, of the tenants whose
    requests changed only: a later row moves it on, and where the newest one went it is looked for.
#}
{% macro newest_rows(requests) -%}
    {%- set newest = 'greatest(max(request.source_updated_at), max(request.requested_at))' -%}
    {%- set sources = serving_relation('publication_sources') -%}
    {%- if not is_built_in_slices(requests.node) %}
    select
        {{ sql_text(invocation_id) }}, request.source_system, request.organization_id, {{ newest }}
    from {{ requests.serving }} as request
    group by request.source_system, request.organization_id
    {%- else %}
    with

    before as (
        select source_system, organization_id, newest_row_at from {{ sources }}
        where build_id = (select base_build_id from {{ build_relation_named('build_plan') }})
    ),

    taken as (
        select request.source_system, request.organization_id, {{ newest }} as newest_row_at
        from {{ replaced_rows('fct_requests') }} as request
        group by request.source_system, request.organization_id
    ),

    added as (
        select request.source_system, request.organization_id, {{ newest }} as newest_row_at
        from {{ rebuilt_rows('fct_requests') }} as request
        group by request.source_system, request.organization_id
    ),

    moved_on as (
        select
            source_system,
            organization_id,
            case
                when taken.newest_row_at >= before.newest_row_at then (
                    select {{ newest }} from {{ requests.serving }} as request
                    where request.source_system = before.source_system
                        and request.organization_id = before.organization_id
                )
                else greatest(before.newest_row_at, added.newest_row_at)
            end as newest_row_at,
            taken.source_system is not null as has_lost_rows
        from before
        full join added using (source_system, organization_id)
        left join taken using (source_system, organization_id)
    )

    select {{ sql_text(invocation_id) }}, source_system, organization_id, newest_row_at
    from moved_on
    where not has_lost_rows
        or exists (
            select from {{ requests.serving }} as request
            where request.source_system = moved_on.source_system
                and request.organization_id = moved_on.organization_id
        )
    {%- endif %}
{%- endmacro %}
