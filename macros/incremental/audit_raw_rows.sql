{# Counts raw rows in the transaction that reads them, so that rows that come meanwhile are in neither. #}
{% macro audit_raw_rows() -%}
    {%- for system in enabled_source_systems() %}
    {%- set totals = build_relation_named('audited_' ~ system ~ '__raw_totals') %}
    drop table if exists {{ totals }} cascade;
    create table {{ totals }} as
    select * from {{ build_relation_named('audit_' ~ system ~ '__raw_totals') }};
    {%- endfor %}
{%- endmacro %}
