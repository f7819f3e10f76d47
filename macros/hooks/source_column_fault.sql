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
