{#
    After a build of slices: takes away the published rows of the slices, and adds those that were
    made. Readers see the old rows until the transaction commits, and wait for nothing.
#}
{% macro publish_slices(marts) -%}
    create temporary table publication_deltas (
        mart_name text, rows_added bigint
    ) on commit drop;
    {%- for mart in marts if not mart.is_made %}
    insert into publication_deltas values ({{ sql_text(mart.name) }}, 0);
    {%- endfor %}
    {%- for mart in marts if mart.is_made %}
    {%- set names = column_list(mart.columns | map(attribute='name')) %}
    with

    taken as (
        delete from {{ mart.serving }} as published
        {%- if mart.rebuilt_by == 'whole' %}
        using {{ replaced_rows(mart.name) }} as replaced where published.* *= replaced.*
        {%- else %}
        using {{ slice_relation(mart.node) }} as slice
        where {{ slice_of_row(mart.node) }}
        {%- if 'hour' in mart.node.columns %}
            and published.hour >= slice.day and published.hour < slice.day + 1
        {%- endif %}
        {%- endif %}
        returning 1
    )

    insert into publication_deltas select {{ sql_text(mart.name) }}, -count(*) from taken;

    with

    added as (
        insert into {{ mart.serving }} ({{ names }})
        select {{ names }} from {{ rebuilt_rows(mart.name) }}
        returning 1
    )

    insert into publication_deltas select {{ sql_text(mart.name) }}, count(*) from added;
    {{ describe_serving_table(mart, mart.serving) }}
    {%- endfor %}
{%- endmacro %}
