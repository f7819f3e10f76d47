{#
    The tracked source tables: those whose changes a build follows, as their properties file declares
    them under config.meta: cursor_column, the column that tells new and changed rows; lookback, a var
    with an interval, or `all` for a small table of which every build reads all rows; key and
    request_kind of a table whose rows are requests; event_column where it is not the cursor column;
    extracted_by: day where only days are extracted whose rows differ; counted_in of a table whose rows are
    no requests: audit.<column> of the system's audit, or the mart (and its column) that has all its rows.
    As dictionaries: name (system__table), system, table, relation, columns, column, event_column, key,
    request_kind, is_of_events (its rows have a time), counted_in, is_read_in_full, is_extracted_by_day,
    lookback, is_event_time (the cursor column tells
    when a request was made, not when it changed).
#}
{% macro tracked_sources() -%}
    {%- set tracked = [] -%}
    {%- for source in graph.sources.values() | sort(attribute='unique_id') -%}
        {%- set meta = source.config.meta -%}
        {%- if meta.get('cursor_column') -%}
            {%- set is_read_in_full = meta.lookback == 'all' -%}
            {%- do tracked.append({
                'name': source.source_name ~ '__' ~ source.name,
                'system': source.source_name,
                'table': source.name,
                'relation': raw_relation(source),
                'columns': raw_columns(source),
                'column': adapter.quote(meta.cursor_column),
                'event_column': adapter.quote(meta.get('event_column', meta.cursor_column)),
                'key': meta.get('key'),
                'request_kind': meta.get('request_kind'),
                'is_of_events': 'request_kind' in meta or 'event_column' in meta,
                'counted_in': source_is_counted_in(source),
                'is_read_in_full': is_read_in_full,
                'is_extracted_by_day': meta.get('extracted_by') == 'day',
                'lookback': none if is_read_in_full else var(meta.lookback),
                'is_event_time': meta.lookback == 'event_look_back',
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(tracked) }}
{%- endmacro %}

{#
    Where a build counts all rows of a tracked source, to be able to tell later that some are gone: of
    requests its audit does, by their kind.
#}
{% macro source_is_counted_in(source) -%}
    {%- set meta = source.config.meta -%}
    {%- if not meta.get('request_kind') and not meta.get('counted_in') -%}
        {{ exceptions.raise_compiler_error(
            'The source ' ~ source.source_name ~ '.' ~ source.name ~ ' has a cursor column, but neither a '
            ~ 'request_kind nor counted_in: say under config.meta where its rows are counted, as '
            ~ 'audit.<column of its audit>, <mart> or <mart>.<column>.'
        ) }}
    {%- endif -%}
    {{ return(meta.get('counted_in') or 'audit.llm_' ~ meta.request_kind ~ '_requests') }}
{%- endmacro %}

{# The tracked sources in which an incremental build looks for changed requests. #}
{% macro extracted_sources() -%}
    {%- set extracted = [] -%}
    {%- for source in tracked_sources()
        if not source.is_read_in_full and not is_skipped_source(source, build_mode()) -%}
        {%- do extracted.append(source) -%}
    {%- endfor -%}
    {{ return(extracted) }}
{%- endmacro %}

{# What the clock shows by which a tracked source writes its times. #}
{% macro source_now(source) -%}
    timezone({{ sql_text(source_time_zone(source.system)) }}, now())
{%- endmacro %}

{# Nodes of the raw tables that the enabled source systems declare, by name. #}
{% macro raw_sources() -%}
    {%- set sources = [] -%}
    {%- for source in graph.sources.values() | sort(attribute='unique_id')
        if source.source_name != 'published' -%}
        {%- do sources.append(source) -%}
    {%- endfor -%}
    {{ return(sources) }}
{%- endmacro %}

{# The raw table of a source node: where its source says, or where the var raw_tables does. #}
{% macro raw_relation(source) -%}
    {%- set moved = var('raw_tables', {}).get(source.source_name ~ '.' ~ source.name) -%}
    {%- if not moved -%}
        {{ return(api.Relation.create(schema=source.schema, identifier=source.identifier)) }}
    {%- endif -%}
    {%- set parts = moved.split('.') -%}
    {%- if parts | length != 2 -%}
        {{ exceptions.raise_compiler_error(
            'The var raw_tables says ' ~ moved ~ ' for ' ~ source.source_name ~ '.' ~ source.name
            ~ '; say <schema>.<table>.'
        ) }}
    {%- endif -%}
    {{ return(api.Relation.create(schema=parts[0], identifier=parts[1])) }}
{%- endmacro %}

{# The tracked source of that name (system__table). #}
{% macro tracked_source(source_name) -%}
    {{ return(tracked_sources() | selectattr('name', 'equalto', source_name) | first) }}
{%- endmacro %}

{# The type that the key of a tracked source has in the database; request_id is the key as text. #}
{% macro raw_key_type(source) -%}
    {%- for existing in existing_columns(source.relation) if existing.name == source.key -%}
        {{ return(existing.data_type) }}
    {%- endfor -%}
{%- endmacro %}

{#
    Why raw tables cannot be what they should be, or nothing: a truncated or half restored table must
    not take away what readers see. Var accept_shrunken_sources lets a build begin all the same.
#}
{% macro reason_to_refuse_sources(mode, published) -%}
    {%- if not published or var('accept_shrunken_sources', false) -%}
        {{ return('') }}
    {%- endif -%}
    {%- set counted_in = ['fct_requests', 'fct_cost_reconciliation'] -%}
    {%- for source in tracked_sources() if not source.counted_in.startswith('audit.') -%}
        {%- do counted_in.append(source.counted_in.split('.')[0]) -%}
    {%- endfor -%}
    {%- for name in counted_in if not existing_columns(serving_relation(name)) -%}
        {{ return('') }}
    {%- endfor -%}
    {%- for source in tracked_sources() -%}
        {%- set fault = run_query(source_fault(source, mode, published)).rows[0].fault -%}
        {%- if fault -%}
            {{ return(
                'Refused: ' ~ source.relation.schema ~ '.' ~ source.relation.identifier ~ ' ' ~ fault
                ~ '. Nothing was built. If these rows are meant to be gone, build once with --vars '
                ~ "'accept_shrunken_sources: true'."
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{# The day of the oldest row of a tracked source; rows before it left it by age. #}
{% macro oldest_raw_day(source) -%}
    {%- set column = 'raw.' ~ source.event_column -%}
    {%- if source.is_extracted_by_day -%}
    min({{ calendar_date('raw.date') }})
    {%- else -%}
    cast(min({{ column }}) filter (where {{ column }} >= '2000-01-01') as date)
    {%- endif -%}
{%- endmacro %}

{#
    A query for how many rows a tracked source has of later days than `since` (SQL), or of none; of one
    that is no table of events, all. Of the oldest day some may have left by age.
#}
{% macro raw_rows_after(source, since) -%}
    select count(*)
    from {{ source.relation }} as raw
    {%- if source.is_extracted_by_day %}
    where coalesce({{ calendar_date('raw.date') }} > {{ since }}, true)
    {%- elif source.is_of_events %}
    where coalesce(raw.{{ source.event_column }} >= {{ since }} + 1, true)
    {%- endif %}
{%- endmacro %}

{#
    A query for what is wrong with a tracked source, in words, or NULL. It is empty; it lost more than
    var max_source_shrinkage of its rows, where a build reads all of them; or its newest row is older than
    all rows that an incremental build would look at, which an index tells at once.
#}
{% macro source_fault(source, mode, published) -%}
    {%- set share = var('max_source_shrinkage', 0.1) -%}
    {%- set oldest_day -%}
        (select {{ oldest_raw_day(source) }} from {{ source.relation }} as raw)
    {%- endset -%}
    select
        case
            when not exists (select from {{ source.relation }}) and {{ not var('source_retention', {}).get(source.system ~ '.' ~ source.table) }}
                and ({{ published_raw_rows(source) }}) > 0
                then format(
                    'is empty, and the published build counted %s rows of it',
                    ({{ published_raw_rows(source) }})
                )
            {%- if source.is_read_in_full or mode != 'incremental' %}
            when ({{ raw_rows_after(source, oldest_day) }})
                < ({{ published_raw_rows(source, oldest_day) }}) * (1 - cast({{ share }} as numeric))
                then format(
                    'has %s rows of days after %s, and the published build counted %s'
                    ' (max_source_shrinkage is %s)',
                    ({{ raw_rows_after(source, oldest_day) }}),
                    {{ oldest_day }},
                    ({{ published_raw_rows(source, oldest_day) }}),
                    {{ sql_text(share) }}
                )
            {%- else %}
            when newest.row_at < watermark.watermark - interval '{{ source.lookback }}'
                then format(
                    'has no row newer than %s, and the published build had seen %s'
                    ' (of its %s rows; the look-back is {{ source.lookback }})',
                    newest.row_at, watermark.watermark, ({{ published_raw_rows(source) }})
                )
            {%- endif %}
        end as fault
    from (
        select max({{ source.column }}) as row_at from {{ source.relation }}
        where {{ source.column }} <= {{ source_now(source) }}
    ) as newest
    left join {{ serving_relation('publication_watermarks') }} as watermark
        on watermark.build_id = {{ sql_text(published.build_id) }}
        and watermark.source_name = {{ sql_text(source.name) }}
{%- endmacro %}

{#
    Before anything is built: one error that names every schema, table and column that the enabled
    sources declare and the database does not have, instead of a SQL error in the first model that
    happens to need one.
#}
{% macro check_sources() -%}
    {%- if execute and flags.WHICH != 'seed' -%}
        {%- set faults = missing_source_parts() -%}
        {%- if faults | length > 0 -%}
            {{ exceptions.raise_compiler_error(
                "The raw tables are not there as the models need them, as far as \""
                ~ target.user ~ "\" may read database \"" ~ target.dbname
                ~ "\". Nothing was built.\n  - "
                ~ faults | join("\n  - ")
                ~ "\nRemedy: name the schema that holds the raw rows with the var of its source ("
                ~ source_schema_vars() | join(", ")
                ~ "), grant the role usage on it and select on its tables, leave out source systems that"
                ~ " you do not have (the var source_systems, now \""
                ~ enabled_source_systems() | join(", ")
                ~ "\"), or load sample rows with `usage-warehouse sample load`."
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# One line per missing part; of a missing schema or table only itself, not all it should hold. #}
{% macro missing_source_parts() -%}
    {%- set tables = [] -%}
    {%- for source in raw_sources() -%}
        {%- do tables.append({'relation': raw_relation(source), 'columns': source.columns}) -%}
    {%- endfor -%}
    {%- set schema_names = tables | map(attribute='relation.schema') | unique | list -%}
    {%- if schema_names | length == 0 -%} {{ return([]) }} {%- endif -%}

    {%- set readable = {} -%}
    {%- for row in run_query(readable_columns(schema_names)).rows -%}
        {%- set found = readable.setdefault(row['schema_name'], {}) -%}
        {%- if row['column_name'] is not none -%}
            {%- do found.setdefault(row['table_name'], {}).update(
                {row['column_name']: row['data_type']}
            ) -%}
        {%- endif -%}
    {%- endfor -%}

    {%- set faults = [] -%}
    {%- for schema_name in schema_names if schema_name not in readable -%}
        {%- do faults.append('schema ' ~ schema_name ~ ' is missing') -%}
    {%- endfor -%}
    {%- for source in tables if source.relation.schema in readable -%}
        {%- set table = source.relation.schema ~ '.' ~ source.relation.identifier -%}
        {%- set data_types = readable[source.relation.schema].get(source.relation.identifier) -%}
        {%- if data_types is none -%}
            {%- do faults.append('table ' ~ table ~ ' is missing') -%}
        {%- else -%}
            {%- for column in source.columns.values() -%}
                {%- set fault = source_column_fault(column, data_types.get(column.name)) -%}
                {%- set fault = (older_release_fault(column, data_types) or fault) if fault else '' -%}
                {%- if fault -%}
                    {%- do faults.append('column ' ~ table ~ '.' ~ column.name ~ fault) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(faults) }}
{%- endmacro %}

{#
    What is wrong with a column, or nothing. Ids and texts may have any type, as they are cast to
    text; but JSON must be readable as JSON, and a time with zone would be shifted without a word.
#}
{% macro source_column_fault(column, data_type) -%}
    {%- if data_type is none -%}
        {{ return(' is missing') }}
    {%- elif column.data_type in ('jsonb', 'timestamp', 'boolean')
        and data_type != column.data_type -%}
        {{ return(' has the type ' ~ data_type ~ ', but must be ' ~ column.data_type) }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{# The vars that name the raw schemas of the enabled systems, with their present values. #}
{% macro source_schema_vars() -%}
    {%- set settings = [] -%}
    {%- for source_system in enabled_source_systems() -%}
        {%- do settings.append(
            source_system ~ '_schema, now "' ~ var(source_system ~ '_schema') ~ '"'
        ) -%}
    {%- endfor -%}
    {{ return(settings) }}
{%- endmacro %}

{#
    Query for every column that the connected role may read in the given schemas: schema_name,
    table_name, column_name, data_type (in the words of the sources' yml). A schema without readable
    columns gives one row without table. The catalogue of Postgres is asked directly, because
    information_schema hides materialized views.
#}
{% macro readable_columns(schema_names) -%}
    {{ return(adapter.dispatch('readable_columns', 'usage_warehouse')(schema_names)) }}
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
