{# The raw table of a watched source. #}
{% macro source_relation(source_name) -%}
    {{ return((watched_sources() | selectattr('name', 'equalto', source_name) | first).relation) }}
{%- endmacro %}
