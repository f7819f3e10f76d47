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
                ~ "), grant the role usage on it and select on its tables, or load sample rows with"
                ~ " `usage-warehouse sample load`."
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# One line per missing part; of a missing schema or table only itself, not all it should hold. #}
{% macro missing_source_parts() -%}
    {%- set sources = graph.sources.values() | sort(attribute='unique_id') | list -%}
    {%- set schema_names = sources | map(attribute='schema') | unique | list -%}
    {%- if schema_names | length == 0 -%} {{ return([]) }} {%- endif -%}

    {%- set readable = {} -%}
    {%- for row in run_query(readable_columns(schema_names)).rows -%}
        {%- set tables = readable.setdefault(row['schema_name'], {}) -%}
        {%- if row['column_name'] is not none -%}
            {%- do tables.setdefault(row['table_name'], {}).update(
                {row['column_name']: row['data_type']}
            ) -%}
        {%- endif -%}
    {%- endfor -%}

    {%- set faults = [] -%}
    {%- for schema_name in schema_names if schema_name not in readable -%}
        {%- do faults.append('schema ' ~ schema_name ~ ' is missing') -%}
    {%- endfor -%}
    {%- for source in sources if source.schema in readable -%}
        {%- set table = source.schema ~ '.' ~ source.identifier -%}
        {%- set data_types = readable[source.schema].get(source.identifier) -%}
        {%- if data_types is none -%}
            {%- do faults.append('table ' ~ table ~ ' is missing') -%}
        {%- else -%}
            {%- for column in source.columns.values() -%}
                {%- set fault = source_column_fault(column, data_types.get(column.name)) -%}
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
