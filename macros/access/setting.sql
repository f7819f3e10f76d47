{# A setting of the running transaction, or NULL where the API did not make it. #}
{% macro setting(name) -%}
    current_setting('usage_warehouse.{{ name }}', true)
{%- endmacro %}
