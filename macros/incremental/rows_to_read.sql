{#
    What staging reads of a watched source: in a full build the source itself, in an incremental one
    the rows of it that may have changed, once they are landed; of a small source (look_back: all) a
    copy that every build begins with. Unit tests give the source.
#}
{% macro rows_to_read(source_system, table, is_small=false) -%}
    {%- set raw = source(source_system, table) -%}
    {{ return(adapter.dispatch('rows_to_read', 'usage_warehouse')(
        raw, source_system ~ '__' ~ table, is_small
    )) }}
{%- endmacro %}

{% macro default__rows_to_read(raw, source_name, is_small) -%}
    {{ return(raw) }}
{%- endmacro %}

{% macro postgres__rows_to_read(raw, source_name, is_small) -%}
    {%- if model.resource_type == 'unit_test' -%}
        {{ return(raw) }}
    {%- elif not is_small -%}
        {%- do ref('int_requests_examined') -%}
    {%- endif -%}
    {{ return(reading_view(source_name)) }}
{%- endmacro %}
