{#
    Notes the days of each system on which requests are looked at, as their raw rows say now and as
    they are published, or on which evaluation runs differ. What raw rows of these days add up to is
    counted anew, and always that of rows without a readable time, which are on no day.
#}
{% macro examine_days() -%}
    {%- set days = build_relation_named('examined_days') -%}
    insert into {{ days }}
    {%- for system in enabled_source_systems() %}
    select {{ sql_text(system) }}, cast(null as date)
    union
    {%- endfor %}
    {%- for source in looked_at_sources() %}
    select {{ sql_text(source.system) }}, cast({{ source.event_column }} as date)
    from {{ landed_relation(source.name) }}
    where {{ source.event_column }} between '0001-01-01' and '9999-12-31 23:59:59.999999'
    union
    {%- endfor %}
    {%- if 'kaapi' in enabled_source_systems() %}
    select
        changed.source_system, cast(changed.evaluated_at as date)
    from (
        {{ changed_rows(build_relation_named('fct_evaluation_runs')) }}
    ) as changed
    union
    {%- endif %}
    select published.source_system, cast(published.requested_at as date)
    from {{ this }} as examined
    inner join {{ serving_relation('fct_requests') }} as published
        on examined.source_system = published.source_system
        and examined.request_kind = published.request_kind
        and examined.request_id = published.request_id
    where published.requested_at is not null;
    analyze {{ days }};
{%- endmacro %}
