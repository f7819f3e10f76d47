{# Takes away published marts that this build no longer has, so that nobody reads stale rows. #}
{% macro drop_vanished_marts(marts) -%}
    {%- for name in vanished_mart_names(marts) %}
    drop view if exists {{ build_relation_named(name) }} cascade;
    drop table if exists {{ serving_relation(name) }};
    {%- endfor %}
{%- endmacro %}
