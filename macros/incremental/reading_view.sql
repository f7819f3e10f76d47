{# The view through which staging reads a watched source: all its rows, or those that this build lands. #}
{% macro reading_view(source_name) -%}
    {{ return(build_relation_named('read_' ~ source_name)) }}
{%- endmacro %}
