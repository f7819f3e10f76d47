{#
    Gives the table that readers see new rows and leaves the table itself, and all that hangs on it.
    Not truncate: delete lets readers go on with the old rows until the transaction commits.
#}
{% macro replace_serving_rows(mart) -%}
    {%- set query -%}
        select index_class.relname
        from pg_catalog.pg_index as index
        inner join pg_catalog.pg_class as index_class on index.indexrelid = index_class.oid
        where index.indrelid = to_regclass({{ sql_text(mart.serving) }})
            and starts_with(index_class.relname, {{ sql_text(mart.name ~ '__') }})
    {%- endset -%}
    {%- set existing = run_query(query).columns[0].values() | list -%}
    {%- set wanted = mart.indexes | map(attribute='name') | list -%}
    {{ drop_serving_indexes(mart, existing | reject('in', wanted) | list) }}
    delete from {{ mart.serving }};
    {{ fill_serving_table(mart, mart.serving) }}
    {{ create_serving_indexes(
        mart, mart.serving, 'name', mart.indexes | rejectattr('name', 'in', existing) | list
    ) }}
    {{ describe_serving_table(mart, mart.serving) }}
    analyze {{ mart.serving }};
{%- endmacro %}
