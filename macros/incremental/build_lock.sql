{# The number of the lock that tells that a build writes into the build schema. #}
{% macro build_lock() -%}
    hashtextextended({{ sql_text('build ' ~ var('build_schema')) }}, 0)
{%- endmacro %}
