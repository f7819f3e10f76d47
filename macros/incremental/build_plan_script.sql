{#
    Writes down the plan of this build, and how far each watched source reaches now: rows that come
    later are the next build's, which looks back from here. A source that is left unread reaches as
    far as it did, and what staging reads of a small one stands.
#}
{% macro build_plan_script(mode, published) -%}
    {%- set plan = build_relation_named('build_plan') -%}
    {%- set days = build_relation_named('examined_days') -%}
    {%- set landed_days = build_relation_named('landed_days') -%}
    {%- set watermarks = build_relation_named('build_watermarks') -%}
    create table if not exists {{ plan }} (
        build_id text collate "C" not null,
        mode text collate "C" not null,
        base_build_id text collate "C",
        project_fingerprint text collate "C" not null
    );
    create table if not exists {{ watermarks }} (
        source_name text collate "C" primary key,
        low_watermark timestamp,
        high_watermark timestamp
    );
    create table if not exists {{ days }} (source_system text collate "C", day date);
    create table if not exists {{ landed_days }} (source_system text collate "C", day date);
    truncate {{ plan }}, {{ watermarks }}, {{ days }}, {{ landed_days }};
    insert into {{ plan }} values (
        {{ sql_text(invocation_id) }},
        {{ sql_text(mode) }},
        {{ sql_text(published.build_id) if published else 'null' }},
        {{ sql_text(project_fingerprint()) }}
    );
    {%- for source in watched_sources() %}
    {%- if is_left_unread(source, mode) %}
    insert into {{ watermarks }}
    select watermark.source_name, cast('infinity' as timestamp), watermark.watermark
    from {{ serving_relation('publication_watermarks') }} as watermark
    where watermark.build_id = {{ sql_text(published.build_id) }}
        and watermark.source_name = {{ sql_text(source.name) }};
    {%- else %}
    insert into {{ watermarks }}
    select
        {{ sql_text(source.name) }},
        {% if mode == 'incremental' and not source.is_whole -%}
        (
            select watermark.watermark - interval '{{ source.look_back }}'
            from {{ serving_relation('publication_watermarks') }} as watermark
            where watermark.build_id = {{ sql_text(published.build_id) }}
                and watermark.source_name = {{ sql_text(source.name) }}
        )
        {%- else -%} null {%- endif %},
        max({{ source.column }})
    from {{ source.relation }}
    where {{ source.column }} <= now() at time zone 'UTC';
    {%- endif %}
    {{ point_reading_view(source, mode) if not (source.is_whole and is_left_unread(source, mode)) }}
    {%- endfor %}
{%- endmacro %}
