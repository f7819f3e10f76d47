{#
    What publishing has to know of each mart, as one dictionary per mart:
    name; node; rebuilt_by (in what slices); is_made (by this build; else it stands);
    build, serving, next (the built table, the one readers see, its successor in the making);
    columns and indexes that the serving table shall have; is_tenant_scoped (rows belong to a
    tenant); is_published (an earlier publication made the serving table); is_foreign (something
    else did); attachments (what others hung on the serving
    table, where that is to be replaced); has_same_columns.
#}
{% macro serving_marts(nodes) -%}
    {%- set published = published_mart_names() -%}
    {%- set marts = [] -%}
    {%- for node in nodes -%}
        {%- set columns = serving_columns(node) -%}
        {%- set serving = serving_relation(node.alias) -%}
        {%- set current = existing_columns(serving) -%}
        {%- set names = columns | map(attribute='name') | list -%}
        {%- do marts.append({
            'name': node.alias,
            'node': node,
            'rebuilt_by': node.config.meta.rebuilt_by,
            'is_made': node.unique_id in selected_resources,
            'build': build_relation(node),
            'serving': serving,
            'next': serving_relation(node.alias ~ '__next'),
            'columns': columns,
            'indexes': serving_indexes(node),
            'is_tenant_scoped': 'source_system' in names and 'organization_id' in names,
            'is_published': current and node.alias in published,
            'is_foreign': current and node.alias not in published,
            'attachments': foreign_attachments(serving, node.alias)
                if current and (not builds_slices() or current != columns) else [],
            'has_same_columns': current == columns,
        }) -%}
    {%- endfor -%}
    {{ return(marts) }}
{%- endmacro %}
