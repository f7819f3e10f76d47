{#
    How models read raw tables: through functions of the build schema, one for each table. Their bodies
    are texts, in which Postgres records no dependency: whatever a source's own migrations do to its
    tables between two builds, nothing of ours stands in their way. A body names only declared columns,
    and casts each to the type that the models know, whatever it was widened to. Postgres inlines such
    a function: the plan is that of a view.
#}
{% macro read_source(source_system, table) -%}
    {%- set raw = source(source_system, table) -%}
    {{ return(adapter.dispatch('read_source', 'usage_warehouse')(raw, source_system ~ '__' ~ table)) }}
{%- endmacro %}

{# Unit tests give rows in the place of the raw table. #}
{% macro default__read_source(raw, source_name) -%}
    {{ return(raw) }}
{%- endmacro %}

{% macro postgres__read_source(raw, source_name) -%}
    {%- if not execute or model.resource_type == 'unit_test' -%}
        {{ return(raw) }}
    {%- endif -%}
    {%- set rows = read_function(source_name) ~ '()' -%}
    {{ return('(select * from ' ~ rows ~ ' where false) as read_rows' if flags.EMPTY else rows) }}
{%- endmacro %}

{# The function through which models read a raw table: all its rows, or those this build extracts. #}
{% macro read_function(source_name) -%}
    {{ return(build_relation_named('read_' ~ source_name)) }}
{%- endmacro %}

{#
    Declared columns of a raw table, as dictionaries: name, quoted, data_type (as models read it: ids and
    texts of any type are text, whole numbers bigint).
#}
{% macro raw_columns(source) -%}
    {%- set read_as = {
        'varchar': 'text', 'text': 'text', 'uuid': 'text', 'char': 'text', 'name': 'text',
        'smallint': 'bigint', 'integer': 'bigint', 'bigint': 'bigint',
    } -%}
    {%- set columns = [] -%}
    {%- for column in source.columns.values() -%}
        {%- do columns.append({
            'name': column.name,
            'quoted': adapter.quote(column.name),
            'data_type': read_as.get(column.data_type.split('(')[0], column.data_type),
        }) -%}
    {%- endfor -%}
    {%- if not columns -%}
        {{ exceptions.raise_compiler_error(
            'The source ' ~ source.source_name ~ '.' ~ source.name ~ ' declares no columns: name those '
            ~ 'that models read, with their data_type, in its properties file.'
        ) }}
    {%- endif -%}
    {{ return(columns) }}
{%- endmacro %}

{# The declared columns of a raw row, each cast to the type that models read: a select list. #}
{% macro raw_values(columns, row) -%}
    {%- for column in columns %}
        cast({{ row }}.{{ column.quoted }} as {{ column.data_type }}) as {{ column.quoted }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#
    Declared columns and their types: the columns of a function that reads, and of the table of extracted
    rows.
#}
{% macro raw_column_types(columns) -%}
    {%- for column in columns -%}
        {{ column.quoted }} {{ column.data_type }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# A query for the rows of a raw table that count: see kept_rows. #}
{% macro all_kept_rows(source) -%}
    {%- set keyed = keyed_source(source.name) -%}
    {{ kept_rows(
        keyed, '(' ~ all_raw_rows(source) ~ ')', repeated_rows(keyed) if keyed else 'none'
    ) }}
{%- endmacro %}

{# A query for all rows of a raw table as models read them. #}
{% macro all_raw_rows(source) -%}
    select {{ raw_values(source.columns, 'raw') }} from {{ source.relation }} as raw
{%- endmacro %}

{#
    Makes a function of the build schema that reads a raw table, or gives it another body: `query`. One of
    other columns is left to those that still read it, under another name, until this build is published.
#}
{% macro ensure_reading_function(function, columns, query) -%}
    {%- set signature = local_md5(raw_column_types(columns)) -%}
    -- Not looked at yet: that would wait for whoever locks the raw table.
    set local check_function_bodies = off;
    do $outdate$ begin
        if to_regprocedure({{ sql_text(function ~ '()') }}) is not null
            and obj_description(to_regprocedure({{ sql_text(function ~ '()') }}), 'pg_proc')
                is distinct from {{ sql_text(signature) }}
        then
            alter function {{ function }}() rename to {{ outdated_name('read') }};
        end if;
    end $outdate$;
    create or replace function {{ function }}()
    returns table ({{ raw_column_types(columns) }})
    language sql stable parallel safe
    as $read$ {{ query }} $read$;
    comment on function {{ function }}() is {{ sql_text(signature) }};
{%- endmacro %}

{#
    Lets go of the raw tables: drops what reads them directly, as builds of earlier releases left it in
    the build schema (views, triggers). What this release makes depends on no raw table.
#}
{% macro release_sources() -%}
    do $release$
    declare
        released record;
    begin
        for released in
            select distinct view_class.oid, view_class.relname
            from pg_catalog.pg_depend as depend
            inner join pg_catalog.pg_rewrite as rule
                on depend.classid = cast('pg_catalog.pg_rewrite' as regclass)
                and depend.objid = rule.oid
            inner join pg_catalog.pg_class as view_class on rule.ev_class = view_class.oid
            inner join pg_catalog.pg_namespace as view_schema
                on view_class.relnamespace = view_schema.oid
            inner join pg_catalog.pg_class as raw on depend.refobjid = raw.oid
            inner join pg_catalog.pg_namespace as raw_schema on raw.relnamespace = raw_schema.oid
            where depend.refclassid = cast('pg_catalog.pg_class' as regclass)
                and view_class.relkind = 'v'
                and view_schema.nspname = {{ sql_text(warehouse_schema('build')) }}
                and raw_schema.nspname not in (
                    {{ sql_text(warehouse_schema('build')) }}, {{ sql_text(warehouse_schema('serving')) }},
                    {{ sql_text(warehouse_schema('access')) }}, {{ sql_text(warehouse_schema('history')) }},
                    'pg_catalog', 'information_schema'
                )
        loop
            if exists (select from pg_catalog.pg_class where oid = released.oid) then
                execute format(
                    'drop view %I.%I cascade', {{ sql_text(warehouse_schema('build')) }}, released.relname
                );
            end if;
        end loop;
        -- Triggers of `watch --notify` go with their function.
        execute format(
            'drop function if exists %I.notify_of_raw_rows() cascade',
            {{ sql_text(warehouse_schema('build')) }}
        );
    end $release$;
{%- endmacro %}

{# The operation behind `usage-warehouse release-sources`. #}
{% macro release_raw_tables() -%}
    {%- if execute and target.type == 'postgres' -%}
        {%- do run_query(release_sources() ~ '; commit') -%}
    {%- endif -%}
{%- endmacro %}
