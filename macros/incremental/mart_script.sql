{# What the materialization `mart` runs: the whole mart, or its new rows and the view over both. #}
{% macro mart_script(target, sql) -%}
    {%- set columns = contract_columns() -%}
    {%- set names = column_list(columns | map(attribute='name')) -%}
    {%- set rows = build_relation_named(model.alias ~ '__rows') -%}
    {{ get_assert_columns_equivalent(sql) }}
    drop table if exists {{ rows }} cascade;
    drop table if exists {{ replaced_rows(model.alias) }} cascade;
    {%- if not is_built_in_slices(model) %}
    {{ fill_mart_table(target, columns, sql) }}
    {{ keep_changed_rows(target, rows, names) if builds_slices() }}
    {%- else %}
    {{ create_mart_table(rows, columns) }}
    {%- if model.config.meta.rebuilt_by == 'request' %}
    {{ fill_changed_requests(rows, columns, sql) }}
    {%- else %}
    insert into {{ rows }} ({{ names }}) select {{ names }} from ({{ sql }}) as built
    {{ order_of_rows() }};
    {%- endif %}
    {{ analyze_rows(rows) }}
    create view {{ target }} as
    select {{ names }} from {{ serving_relation(model.alias) }} as published
    where not exists (
        select from {{ slice_relation(model) }} as slice where {{ slice_of_row(model) }}
    )
    union all
    select {{ names }} from {{ rows }};
    {%- endif %}
{%- endmacro %}
