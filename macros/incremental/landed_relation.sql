{# Where an incremental build keeps the raw rows it looks at, so that all of it sees the same ones. #}
{% macro landed_relation(source_name) -%}
    {{ return(build_relation_named('landed_' ~ source_name)) }}
{%- endmacro %}
