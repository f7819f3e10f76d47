{# Writes down the publication and tells those who wait (listen usage_warehouse_published). #}
{% macro record_publication(marts) -%}
    {%- set publication = serving_relation('publication') -%}
    {%- set watermarks = serving_relation('publication_watermarks') -%}
    {%- set sources = serving_relation('publication_sources') -%}
    {%- set build_id = sql_text(invocation_id) -%}
    {%- set requests = marts | selectattr('name', 'equalto', 'fct_requests') | first -%}
    insert into {{ publication }} (
        build_id, published_at, build_started_at, dbt_version, mart_row_counts, mode,
        project_fingerprint
    )
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
        ({{ mart_row_counts(marts) }}),
        plan.mode,
        plan.project_fingerprint
    from {{ build_relation_named('build_plan') }} as plan;

    delete from {{ watermarks }};
    insert into {{ watermarks }} (build_id, source_name, watermark)
    select {{ build_id }}, source_name, high_watermark
    from {{ build_relation_named('build_watermarks') }};

    {{ record_raw_totals(marts) }}
    {{ record_raw_day_digests() }}
    {%- if requests %}
    insert into {{ sources }} (build_id, source_system, organization_id, newest_row_at)
    {{ newest_rows(requests) }};
    {%- endif %}
    delete from {{ sources }}
    where build_id not in (
        select build_id from {{ publication }}
        where published_at >= now() - interval '30 days'
    );
    {{ forget_old_changes() }}
    select pg_notify('usage_warehouse_published', {{ build_id }});
{%- endmacro %}
