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
