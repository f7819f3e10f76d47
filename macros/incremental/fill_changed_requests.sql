{#
    Of the requests that were looked at: those that are new or differ in any column from what is
    published, and the published ones that differ or are gone. Rows are compared as they are stored.
#}
{% macro fill_changed_requests(rows, columns, sql) -%}
    {%- set names = column_list(columns | map(attribute='name')) -%}
    {%- set published = serving_relation(model.alias) -%}
    {%- set replaced = replaced_rows(model.alias) -%}
    {%- set is_same_key -%}
        fresh.source_system = published.source_system
        and fresh.request_kind = published.request_kind
        and fresh.request_id = published.request_id
    {%- endset -%}
    drop table if exists fresh;
    {{ create_mart_table('fresh', columns, 'temporary') }}
    insert into fresh ({{ names }}) select {{ names }} from ({{ sql }}) as built;
    {{ analyze_rows('fresh') }}

    insert into {{ rows }} ({{ names }})
    select {{ names }} from fresh
    where not exists (
        select from {{ published }} as published where {{ is_same_key }} and published.* *= fresh.*
    );

    create table {{ replaced }} as
    select published.*
    from {{ published }} as published
    {%- if build_mode() == 'incremental' %}
    inner join {{ build_relation_named('int_requests_examined') }} as examined
        on published.source_system = examined.source_system
        and published.request_kind = examined.request_kind
        and published.request_id = examined.request_id
    {%- endif %}
    where not exists (
        select from fresh where {{ is_same_key }} and published.* *= fresh.*
    );
    drop table fresh;
    {{ analyze_rows(replaced) }}
{%- endmacro %}
