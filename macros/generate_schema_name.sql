{#
    Everything dbt builds stays in one build schema, from which what readers see is copied; but for the
    history, which is no build's own.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ var('history_schema') if custom_schema_name == 'history' else var('build_schema') }}
{%- endmacro %}
