{#
    The raw rows that an audit counts: in a build of changed rows those of the months in which a
    request is looked at (and those that are in no month), else all.
#}
{% macro rows_to_audit(source_system, table, time_column) -%}
    {%- set raw = source(source_system, table) -%}
    {%- if not execute or model.resource_type == 'unit_test' or target.type != 'postgres' -%}
        {{ return(raw) }}
    {%- endif -%}
    {%- set name = source_system ~ '__' ~ table -%}
    {%- set watched = watched_sources() | selectattr('name', 'equalto', name) | first -%}
    {%- set raw = landed_relation(name) if watched.is_whole else raw -%}
    {%- if build_mode() != 'incremental' -%}
        {{ return(raw) }}
    {%- endif -%}
    {%- set column = 'raw.' ~ adapter.quote(time_column) -%}
    {%- set rows -%}
        (
            select raw.*
            from {{ build_relation_named('examined_months') }} as examined
            inner join {{ raw }} as raw
                on {{ column }} >= examined.month
                and {{ column }} < examined.month + interval '1 month'
            where examined.source_system = '{{ source_system }}'
            union all
            select raw.*
            from {{ raw }} as raw
            where {{ column }} is null
                or {{ column }} < '0001-01-01'
                or {{ column }} > '9999-12-31 23:59:59.999999'
        ) as audited
    {%- endset -%}
    {{ return(rows) }}
{%- endmacro %}
