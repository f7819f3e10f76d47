{#
    Query for every column that the connected role may read in the given schemas: schema_name,
    table_name, column_name, data_type (in the words of the sources' yml). A schema without readable
    columns gives one row without table. The catalogue of Postgres is asked directly, because
    information_schema hides materialized views.
#}
{% macro readable_columns(schema_names) -%}
    {{ return(adapter.dispatch('readable_columns')(schema_names)) }}
{%- endmacro %}

{% macro postgres__readable_columns(schema_names) -%}
    {%- set literals = [] -%}
    {%- for schema_name in schema_names -%}
        {%- do literals.append(dbt.string_literal(dbt.escape_single_quotes(schema_name))) -%}
    {%- endfor -%}
    select
        pg_namespace.nspname as schema_name,
        pg_class.relname as table_name,
        pg_attribute.attname as column_name,
        case pg_type.typname when 'bool' then 'boolean' else pg_type.typname end as data_type
    from pg_catalog.pg_namespace
    left join pg_catalog.pg_class
        on
            pg_namespace.oid = pg_class.relnamespace
            and pg_class.relkind in ('r', 'p', 'v', 'm', 'f')
    left join pg_catalog.pg_attribute
        on
            pg_class.oid = pg_attribute.attrelid
            and pg_attribute.attnum > 0
            and not pg_attribute.attisdropped
            and has_column_privilege(pg_class.oid, pg_attribute.attnum, 'select')
    left join pg_catalog.pg_type
        on pg_attribute.atttypid = pg_type.oid
    where
        pg_namespace.nspname in ({{ literals | join(', ') }})
        and has_schema_privilege(pg_namespace.oid, 'usage')
{%- endmacro %}
