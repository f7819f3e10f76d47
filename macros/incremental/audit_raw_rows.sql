{#
    Counts raw rows in the transaction that reads them, so that rows that come meanwhile are in neither.
    A build of changes counts those of the days it looks at; what the other days add up to was written
    down when they were.
#}
{% macro audit_raw_rows() -%}
    {%- for system in enabled_source_systems() %}
    {%- set totals = build_relation_named('audited_' ~ system ~ '__raw_totals') %}
    {%- set names = column_list(raw_total_columns().keys()) %}
    drop table if exists {{ totals }} cascade;
    create table {{ totals }} as
    select {{ names }} from {{ build_relation_named('audit_' ~ system ~ '__raw_totals') }};
    {%- if build_mode() == 'incremental' %}
    insert into {{ totals }} ({{ names }})
    select {{ names }}
    from {{ serving_relation('publication_raw_totals') }} as published
    where source_system = {{ sql_text(system) }} and not {{ is_examined_day('published') }};
    {%- endif %}
    {%- endfor %}
    {{ remember_landed_rows() }}
{%- endmacro %}
