{# Drops indexes of ours that are no longer wanted; one that is a key goes with its constraint. #}
{% macro drop_serving_indexes(mart, names) -%}
    {%- for name in names %}
    alter table {{ mart.serving }} drop constraint if exists {{ adapter.quote(name) }};
    drop index if exists {{ serving_relation(name) }};
    {%- endfor %}
{%- endmacro %}
