{# Row-level security and grants of a published mart. #}
{% macro protect_serving_table(mart, target) -%}
    {{ protect_tenant_rows(target) if mart.is_tenant_scoped else share_rows(target) }}
    {{ grant_reading(target) }}
{%- endmacro %}
