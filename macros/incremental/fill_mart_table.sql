{#
    Makes the table of a whole mart with its rows. In one statement, as Postgres lets several processes
    read for a table that is made of a query, and not for rows that are inserted into one. Autovacuum
    looks at it once it is published: before, it would only take the processors away from the build, and
    let the publication wait for its locks.
#}
{% macro fill_mart_table(relation, columns, sql) -%}
    create table {{ relation }} with (autovacuum_enabled = false) as
    select
        {%- for column in columns %}
        {%- set name = adapter.quote(column.name) %}
        cast({{ name }} as {{ column.data_type }})
        {%- if column.is_text %} collate "C"{% endif %} as {{ name }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from ({{ sql }}) as built
    {{ order_of_rows() if not builds_slices() }};
    {%- set not_null = columns | selectattr('is_not_null') | list %}
    {%- if not_null %}
    alter table {{ relation }}
        {%- for column in not_null %}
        alter column {{ adapter.quote(column.name) }} set not null
        {%- if not loop.last %},{% endif %}
        {%- endfor %};
    {%- endif %}
    {{ analyze_rows(relation) }}
{%- endmacro %}
