{#
    The steps of a publication, in the order that keeps readers waiting least: everything slow is
    done on tables nobody reads yet, and the locks that make readers wait come last.
    A table that other people hung something on keeps its identity and gets new rows; any
    other is replaced by its successor.
#}
{% macro publication_script(marts) -%}
    {%- set kept = marts | selectattr('attachments') | list -%}
    {%- set replaced = marts | rejectattr('attachments') | list -%}

    {{ ensure_access_objects() }}
    {{ ensure_publication_tables() }}
    {{ ensure_change_tables() }}
    {{ record_changes(marts) }}
    {% for mart in replaced %}
    {{ create_serving_table(mart) }}
    {{ fill_serving_table(mart, mart.next) }}
    {{ create_serving_indexes(mart, mart.next, 'next_name', mart.indexes) }}
    {{ describe_serving_table(mart, mart.next) }}
    {{ protect_serving_table(mart, mart.next) }}
    analyze {{ mart.next }};
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
    {{ record_publication(marts) }}
    commit;
{%- endmacro %}
