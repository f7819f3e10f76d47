{# Marts of the newest publication that this build no longer has. #}
{% macro vanished_mart_names(marts) -%}
    {%- set current = marts | map(attribute='name') | list -%}
    {{ return(published_mart_names() | reject('in', current) | list) }}
{%- endmacro %}
