{# The models that are published: every enabled public mart of the materialization `mart`, by name. #}
{% macro mart_nodes() -%}
    {%- set marts = [] -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id') -%}
        {%- if node.resource_type == 'model'
            and node.access == 'public'
            and node.config.materialized == 'mart'
            and 'marts' in node.fqn[:-1] -%}
            {%- do marts.append(node) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(marts) }}
{%- endmacro %}

{#
    What publishing has to know of each mart, as one dictionary per mart:
    name; node; partitioned_by (in what partitions); is_made (by this build; else it stands);
    build, serving, next (the built table, the one readers see, its successor in the making);
    columns and indexes that the serving table shall have; is_tenant_scoped (rows belong to a
    tenant); is_published (an earlier publication made the serving table); is_foreign (something
    else did); dependents (what others hung on the serving
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
            'partitioned_by': node.config.meta.partitioned_by,
            'is_made': node.unique_id in selected_resources,
            'build': build_relation(node),
            'serving': serving,
            'next': serving_relation(node.alias ~ '__next'),
            'columns': columns,
            'indexes': serving_indexes(node),
            'is_tenant_scoped': 'source_system' in names and 'organization_id' in names,
            'is_published': current and node.alias in published,
            'is_foreign': current and node.alias not in published,
            'dependents': dependent_objects(serving, node.alias)
                if current and (not builds_partitions() or current != columns) else [],
            'has_same_columns': current == columns,
        }) -%}
    {%- endfor -%}
    {{ return(marts) }}
{%- endmacro %}

{# Columns of a mart's serving table: the built ones, with the contract's not-nulls and key. #}
{% macro serving_columns(node) -%}
    {%- set key = serving_key(node) -%}
    {%- set columns = [] -%}
    {%- for column in existing_columns(build_relation(node)) -%}
        {%- set declared = node.columns.get(column.name, {}).get('constraints', []) -%}
        {%- if (column.name in key and column.name not in nullable_keys(node))
            or declared | selectattr('type', 'equalto', 'not_null') | list -%}
            {%- do column.update({'is_not_null': true}) -%}
        {%- endif -%}
        {%- do columns.append(column) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{# Columns of a table as it stands: name, exact type, whether NULL is refused; none if it is not. #}
{% macro existing_columns(relation) -%}
    {%- set query -%}
        select
            attribute.attname as column_name,
            pg_catalog.format_type(attribute.atttypid, attribute.atttypmod) as data_type,
            attribute.attnotnull as is_not_null,
            type.typcollation <> 0 as is_text
        from pg_catalog.pg_attribute as attribute
        inner join pg_catalog.pg_type as type on attribute.atttypid = type.oid
        where attribute.attrelid = to_regclass({{ sql_text(relation) }})
            and attribute.attnum > 0
            and not attribute.attisdropped
        order by attribute.attnum
    {%- endset -%}
    {%- set columns = [] -%}
    {%- for row in run_query(query).rows -%}
        {%- do columns.append({
            'name': row.column_name,
            'data_type': row.data_type,
            'is_not_null': row.is_not_null,
            'is_text': row.is_text,
        }) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#
    Columns of a mart's primary key in serving: config.meta.key, else the primary key of its
    contract (of the model or of one column). Empty if neither says.
#}
{% macro serving_key(node) -%}
    {%- set declared = node.config.meta.get('key') -%}
    {%- if declared -%}
        {{ return(declared) }}
    {%- endif -%}
    {%- for constraint in node.constraints if constraint.type == 'primary_key' -%}
        {{ return(constraint.columns) }}
    {%- endfor -%}
    {%- for column in node.columns.values() -%}
        {%- if column.constraints | selectattr('type', 'equalto', 'primary_key') | list -%}
            {{ return([column.name]) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return([]) }}
{%- endmacro %}

{# Columns of a mart's key that may be null (config.meta.nullable_key): it is a unique index then. #}
{% macro nullable_keys(node) -%}
    {{ return(node.config.meta.get('nullable_key', [])) }}
{%- endmacro %}

{# An object of the serving schema, where BI tools and the API read. #}
{% macro serving_relation(name) -%}
    {{ return(api.Relation.create(schema=warehouse_schema('serving'), identifier=name)) }}
{%- endmacro %}

{# The table that dbt built and tested for a mart. #}
{% macro build_relation(node) -%}
    {{ return(api.Relation.create(schema=node.schema, identifier=node.alias)) }}
{%- endmacro %}

{# The rows of a mart that this build made and tested. #}
{% macro made_rows(mart) -%}
    {{ return(
        build_relation_named(mart.name ~ '__rows') if is_built_by_partition(mart.node) else mart.build
    ) }}
{%- endmacro %}

{# The marts that the newest publication put into the serving schema. #}
{% macro published_mart_names() -%}
    {%- set publication = serving_relation('publication') -%}
    {%- set is_there = run_query(
        'select to_regclass(' ~ sql_text(publication) ~ ') is not null'
    ).rows[0][0] -%}
    {%- if not is_there -%}
        {{ return([]) }}
    {%- endif -%}

    {%- set names -%}
        select jsonb_object_keys(newest.mart_row_counts)
        from (
            select publication.mart_row_counts
            from {{ publication }} as publication
            order by publication.published_at desc
            limit 1
        ) as newest
        order by 1
    {%- endset -%}
    {{ return(run_query(names).columns[0].values() | list) }}
{%- endmacro %}

{# Marts of the newest publication that this build no longer has. #}
{% macro vanished_mart_names(marts) -%}
    {%- set current = marts | map(attribute='name') | list -%}
    {{ return(published_mart_names() | reject('in', current) | list) }}
{%- endmacro %}

{# The first thing that forbids to publish these marts as they are declared, or nothing. #}
{% macro reason_marts_cannot_be_served(marts) -%}
    {%- set reserved = publication_table_names()
        + [
            'publication', 'publication_comparisons', 'publication_watermarks',
            'publication_extracted_rows', 'publication_raw_day_digests', 'readable_tenants',
        ] -%}
    {%- for mart in marts -%}
        {%- if mart.name in reserved -%}
            {{ return('publishing itself takes the name ' ~ mart.name ~ '; rename the mart') }}
        {%- elif mart.is_foreign -%}
            {{ return(
                mart.serving ~ ' exists and was not published from here; '
                ~ 'move it away, or set the var serving_schema to a schema of its own'
            ) }}
        {%- elif mart.name.startswith('fct_') and not mart.is_tenant_scoped -%}
            {{ return(
                mart.name ~ ' has no source_system and organization_id, so nobody could be kept '
                ~ 'from other tenants\' rows; add both columns'
            ) }}
        {%- elif mart.dependents and not mart.has_same_columns -%}
            {{ return(
                'the columns of ' ~ mart.name ~ ' changed, but these use its published table: '
                ~ mart.dependents | join(', ') ~ '; drop them, run dbt build, create them again'
            ) }}
        {%- endif -%}
        {%- set names = mart.columns | map(attribute='name') | list -%}
        {%- for index in mart.indexes -%}
            {%- for column in index.columns + index.include if column not in names -%}
                {{ return(
                    'an index or key of ' ~ mart.name ~ ' names the column ' ~ column
                    ~ ', which the mart does not have; correct config.meta'
                ) }}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}

    {%- for gone in vanished_mart_names(marts) -%}
        {%- set dependents = dependent_objects(serving_relation(gone), gone) -%}
        {%- if dependents -%}
            {{ return(
                gone ~ ' is no mart of this project any more, but these use its published table: '
                ~ dependents | join(', ') ~ '; drop them and run dbt build'
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{# The tables in the serving schema, other than marts, whose rows belong to tenants. #}
{% macro publication_table_names() -%}
    {{ return([
        'publication_sources', 'publication_changes', 'publication_activity', 'publication_raw_totals',
    ]) }}
{%- endmacro %}

{# Names of columns, quoted, for a column list. #}
{% macro column_list(names) -%}
    {%- set quoted = [] -%}
    {%- for name in names -%}
        {%- do quoted.append(adapter.quote(name)) -%}
    {%- endfor -%}
    {{ return(quoted | join(', ')) }}
{%- endmacro %}

{# A text as a SQL literal. #}
{% macro sql_text(value) -%}
    {{ return("'" ~ dbt.escape_single_quotes(value | string) ~ "'") }}
{%- endmacro %}
