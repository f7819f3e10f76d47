{#
    What staging reads of a watched source: in a full build the source itself, in an incremental one
    the rows of it that may have changed. Unit tests give the source.
#}
{% macro rows_to_read(source_system, table, is_whole=false) -%}
    {%- set raw = source(source_system, table) -%}
    {{ return(adapter.dispatch('rows_to_read', 'usage_warehouse')(
        raw, source_system ~ '__' ~ table, is_whole
    )) }}
{%- endmacro %}

{% macro default__rows_to_read(raw, source_name, is_whole) -%}
    {{ return(raw) }}
{%- endmacro %}

{# Whoever reads it is built after the rows were landed; those of small tables were so at the beginning. #}
{% macro postgres__rows_to_read(raw, source_name, is_whole) -%}
    {%- if model.resource_type == 'unit_test' -%}
        {{ return(raw) }}
    {%- endif -%}
    {%- if not is_whole -%}
        {%- do ref('int_requests_examined') -%}
    {%- endif -%}
    {{ return(reading_view(source_name)) }}
{%- endmacro %}
