{# Writes down the publication and tells those who wait (listen usage_warehouse_published). #}
{% macro record_publication(marts) -%}
    {%- set publication = serving_relation('publication') -%}
    {%- set sources = serving_relation('publication_sources') -%}
    {%- set build_id = sql_text(invocation_id) -%}
    insert into {{ publication }}
        (build_id, published_at, build_started_at, dbt_version, mart_row_counts)
    select
        {{ build_id }},
        -- The newest is found by this column: a clock that is set back must not hide a build.
        (
            select greatest(
                clock_timestamp(),
                max(earlier.published_at) + interval '1 microsecond'
            )
            from {{ publication }} as earlier
        ),
        cast({{ sql_text(run_started_at.isoformat()) }} as timestamptz),
        {{ sql_text(dbt_version) }},
        jsonb_object_agg(mart.mart_name, mart.row_count)
    from (
        {%- for mart in marts %}
        select {{ sql_text(mart.name) }} as mart_name, count(*) as row_count from {{ mart.serving }}
        {%- if not loop.last %} union all{% endif %}
        {%- endfor %}
    ) as mart;

    delete from {{ sources }} as source
    using {{ publication }} as old_publication
    where source.build_id = old_publication.build_id
        and old_publication.published_at < now() - interval '30 days';
    {% for mart in marts if mart.name == 'fct_requests' %}
    insert into {{ sources }} (build_id, source_system, organization_id, newest_row_at)
    select
        {{ build_id }},
        request.source_system,
        request.organization_id,
        greatest(max(request.source_updated_at), max(request.requested_at))
    from {{ mart.serving }} as request
    group by request.source_system, request.organization_id;
    {% endfor %}
    {{ forget_old_changes() }}
    select pg_notify('usage_warehouse_published', {{ build_id }});
{%- endmacro %}
