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
    {%- if mart.rebuilt_by == 'whole' %}
    {{ find_changed_rows(mart) }}
    {%- endif %}
    {%- set rows = 'come' if mart.rebuilt_by == 'whole' else made_rows(mart) %}
    with

    taken as (
        delete from {{ mart.serving }} as published
        {%- if mart.rebuilt_by == 'whole' %}
        using gone where published.* *= gone.*
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
        select {{ names }} from {{ rows }}
        returning 1
    )

    insert into publication_deltas select {{ sql_text(mart.name) }}, count(*) from added;
    {{ 'drop table gone, come;' if mart.rebuilt_by == 'whole' }}
    {{ describe_serving_table(mart, mart.serving) }}
    {%- endfor %}
{%- endmacro %}
