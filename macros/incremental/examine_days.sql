{#
    Notes the days whose raw rows are counted anew: of each system those on which requests are looked
    at, as their raw rows say now and as they are published, or on which evaluation runs differ. Of
    sources that tell when a row changed, only requests that did; those of new prices noted theirs
    when they were landed. Rows without a readable time, which are on no day, are always counted.
#}
{% macro examine_days() -%}
    {%- set days = build_relation_named('examined_days') -%}
    {%- set published = serving_relation('fct_requests') -%}
    {%- for system in enabled_source_systems() %}
    insert into {{ days }} values ({{ sql_text(system) }}, null);
    {%- endfor %}
    {%- for source in looked_at_sources() %}
    with

    landed as (
        {%- if source.is_event_time %}
        select * from {{ landed_relation(source.name) }}
        {%- else %}
        {{ rows_landed_anew(source) }}
        {%- endif %}
    ),

    examined as (
        {%- if source.is_event_time %}
        select * from {{ this }}
        where source_system = {{ sql_text(source.system) }}
        {%- else %}
        select
            {{ landed_request_key(source) }}
        from landed
        {%- endif %}
    )

    insert into {{ days }}
    select {{ sql_text(source.system) }}, cast({{ source.event_column }} as date)
    from landed
    where {{ source.event_column }} between '0001-01-01' and '9999-12-31 23:59:59.999999'
    union
    select published.source_system, cast(published.requested_at as date)
    from examined
    inner join {{ published }} as published
        on examined.source_system = published.source_system
        and examined.request_kind = published.request_kind
        and examined.request_id = published.request_id
    where published.requested_at is not null;
    {%- endfor %}
    {%- if 'kaapi' in enabled_source_systems() %}
    insert into {{ days }}
    select distinct changed.source_system, cast(changed.evaluated_at as date)
    from (
        {{ changed_rows(build_relation_named('fct_evaluation_runs')) }}
    ) as changed;
    {%- endif %}
    {{ analyze_rows(days) }}
{%- endmacro %}
