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
