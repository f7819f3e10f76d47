{#
    The raw rows that an audit counts: in a build of changed rows those of the days on which a request
    is looked at (and those that are on no day), else all. Days that follow each other are fetched
    together, each stretch of days on its own (offset 0): a join of all would have Postgres guess how
    many rows their bounds let pass, and it guesses a third of all.
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
            {%- if watched.is_whole %}
            select raw.*
            from {{ raw }} as raw
            where cast({{ column }} as date) in ({{ examined_days(source_system) }})
            {%- else %}
            select raw.*
            from (
                select min(day) as first_day, max(day) as last_day
                from (
                    select day, day - cast(row_number() over (order by day) as integer) as stretch
                    from ({{ examined_days(source_system) }}) as examined
                ) as numbered
                group by stretch
            ) as stretch
            cross join lateral (
                select raw.*
                from {{ raw }} as raw
                where {{ column }} >= stretch.first_day and {{ column }} < stretch.last_day + 1
                offset 0
            ) as raw
            {%- endif %}
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
