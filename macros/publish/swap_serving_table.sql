{# Puts the successor in the place of the table readers see, under the names of its predecessor. #}
{% macro swap_serving_table(mart) -%}
    drop table if exists {{ mart.serving }};
    alter table {{ mart.next }} rename to {{ adapter.quote(mart.name) }};
    {%- for index in mart.indexes %}
    alter index {{ serving_relation(index.next_name) }} rename to {{ adapter.quote(index.name) }};
    {%- endfor %}
{%- endmacro %}
