{# Everything dbt builds stays in one build schema; what readers see is copied from there. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ var('build_schema') }}
{%- endmacro %}
