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
