{#
    Gives the table that readers see new rows and leaves the table itself, and all that hangs on it.
    Not truncate: delete lets readers go on with the old rows until the transaction commits. A key of
    the same columns in another order stays: what others refer to it with could not do without.
    References that can wait are looked at once the new rows are there.
#}
{% macro replace_serving_rows(mart) -%}
    {%- set query -%}
        select
            index_class.relname as index_name,
            case when index.indisprimary then (
                select string_agg(attribute.attname, ' ' order by attribute.attname collate "C")
                from pg_catalog.pg_attribute as attribute
                where attribute.attrelid = index.indexrelid
            ) end as key_columns
        from pg_catalog.pg_index as index
        inner join pg_catalog.pg_class as index_class on index.indexrelid = index_class.oid
        where index.indrelid = to_regclass({{ sql_text(mart.serving) }})
            and starts_with(index_class.relname, {{ sql_text(mart.name ~ '__') }})
    {%- endset -%}
    {%- set referring -%}
        select format('%I.%I', namespace.nspname, foreign_key.conname)
        from pg_catalog.pg_constraint as foreign_key
        inner join pg_catalog.pg_namespace as namespace on foreign_key.connamespace = namespace.oid
        where foreign_key.confrelid = to_regclass({{ sql_text(mart.serving) }})
            and foreign_key.condeferrable
    {%- endset -%}
    {%- set references = run_query(referring).columns[0].values() | join(', ') -%}
    {%- set existing = run_query(query).rows -%}
    {%- set standing = existing | map(attribute='index_name') | list -%}
    {%- set key = serving_key(mart.node) | sort | join(' ') -%}
    {%- set same_key = existing
        | selectattr('key_columns', 'equalto', key) | map(attribute='index_name') | list -%}
    {%- set wanted = mart.indexes | rejectattr('primary') | list if same_key else mart.indexes -%}
    {%- set kept = wanted | map(attribute='name') | list + same_key -%}
    {{ drop_serving_indexes(mart, standing | reject('in', kept) | list) }}
    {{ 'set constraints ' ~ references ~ ' deferred;' if references }}
    delete from {{ mart.serving }};
    {{ fill_serving_table(mart, mart.serving) }}
    {{ 'set constraints ' ~ references ~ ' immediate;' if references }}
    {{ create_serving_indexes(
        mart, mart.serving, 'name', wanted | rejectattr('name', 'in', standing) | list
    ) }}
    {{ describe_serving_table(mart, mart.serving) }}
    analyze {{ mart.serving }};
{%- endmacro %}
