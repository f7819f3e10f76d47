{#
    Lets staging read either the raw table itself or the rows of it that this build lands. A full
    build makes the view anew, in case the raw table has other columns by now.
#}
{% macro point_reading_view(source, mode) -%}
    {%- set view = reading_view(source.name) -%}
    {%- set landed = landed_relation(source.name) -%}
    {%- if mode == 'full' %}
    drop view if exists {{ view }} cascade;
    drop table if exists {{ landed }};
    create table {{ landed }} (like {{ source.relation }});
    create view {{ view }} as select * from {{ landed if source.is_whole else source.relation }};
    {%- elif source.is_whole %}
    truncate {{ landed }};
    {%- elif mode == 'reconcile' %}
    create or replace view {{ view }} as select * from {{ source.relation }};
    {%- else %}
    truncate {{ landed }};
    create or replace view {{ view }} as select * from {{ landed }};
    {%- endif %}
    {%- if source.is_whole %}
    insert into {{ landed }} select * from {{ source.relation }};
    {%- endif %}
{%- endmacro %}
