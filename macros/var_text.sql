{# The value of a var as a text of SQL, whatever characters it holds. #}
{% macro var_text(name) -%}
    {%- set literal = dbt.string_literal(dbt.escape_single_quotes(var(name) | string)) -%}
    cast({{ literal }} as {{ dbt.type_string() }})
{%- endmacro %}
