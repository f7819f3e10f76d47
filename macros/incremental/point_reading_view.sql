{#
    Lets staging read either the raw table itself or the rows of it that this build lands. A full
    build makes the view anew, in case the raw table has other columns by now; the old one goes when
    nothing reads it any more, at the end of the build.
#}
{% macro point_reading_view(source, mode) -%}
    {%- set view = reading_view(source.name) -%}
    {%- set landed = landed_relation(source.name) -%}
    {%- if mode == 'full' %}
    alter view if exists {{ view }} rename to {{ outdated_name('read') }};
    alter table if exists {{ landed }} rename to {{ outdated_name('landed') }};
    create table {{ landed }} (like {{ source.relation }});
    create view {{ view }} as select * from {{ landed if source.is_whole else source.relation }};
    {%- elif source.is_whole %}
    truncate {{ landed }};
    create or replace view {{ view }} as select * from {{ landed }};
    {%- elif mode == 'reconcile' %}
    create or replace view {{ view }} as select * from {{ source.relation }};
    {%- else %}
    truncate {{ landed }};
    create or replace view {{ view }} as select * from {{ landed }};
    {%- endif %}
    {%- if source.lands_days %}
    {{ land_changed_days(source, mode) }}
    {%- elif source.is_whole %}
    insert into {{ landed }} select * from {{ source.relation }};
    {%- endif %}
{%- endmacro %}
