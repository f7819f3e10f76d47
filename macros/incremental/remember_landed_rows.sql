{#
    Of sources that tell when a row changed: the rows that this build counted and the next one looks back
    on. It lands them again, and need not count their days again while they say the same.
#}
{% macro remember_landed_rows() -%}
    {%- set remembered = build_relation_named('remembered_rows') -%}
    drop table if exists {{ remembered }};
    create table {{ remembered }} (source_name text collate "C", row_digest uuid);
    {%- for source in looked_at_sources() if not source.is_event_time %}
    insert into {{ remembered }}
    select {{ sql_text(source.name) }}, {{ row_digest('raw') }}
    {%- if build_mode() == 'incremental' %}
    from {{ landed_relation(source.name) }} as raw;
    {%- else %}
    from {{ source.relation }} as raw
    where {{ is_looked_back_on('raw', source, next_low_watermark(source)) }};
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
