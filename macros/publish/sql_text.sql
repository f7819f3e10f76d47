{# A text as a SQL literal. #}
{% macro sql_text(value) -%}
    {{ return("'" ~ dbt.escape_single_quotes(value | string) ~ "'") }}
{%- endmacro %}
