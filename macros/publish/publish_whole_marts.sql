{#
    After a full build: the built tables are moved into the serving schema, in the place of those
    that readers see. A table that other people hung something on keeps its identity and gets new
    rows instead.
#}
{% macro publish_whole_marts(marts) -%}
    {%- set kept = marts | selectattr('attachments') | list -%}
    {%- set replaced = marts | rejectattr('attachments') | list -%}
    {% for mart in replaced %}
    {{ move_built_table(mart) }}
    {{ create_serving_indexes(mart, mart.next, 'next_name', mart.indexes) }}
    {{ protect_serving_table(mart, mart.next) }}
    {% endfor %}
    {% for mart in kept %}
    {{ replace_serving_rows(mart) }}
    {% endfor %}
    {{ lock_serving_tables(marts) }}
    {% for mart in replaced %}
    {{ swap_serving_table(mart) }}
    {% endfor %}
    {% for mart in kept %}
    {{ protect_serving_table(mart, mart.serving) }}
    {% endfor %}
    {% for name in publication_table_names() %}
    {{ protect_tenant_rows(serving_relation(name)) }}
    {% endfor %}
    {{ drop_vanished_marts(marts) }}
{%- endmacro %}
