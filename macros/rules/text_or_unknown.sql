{# A label or id for grouping: the value as text; NULL and the empty text are `unknown`. #}
{% macro text_or_unknown(column) -%}
    coalesce(nullif(cast({{ column }} as {{ dbt.type_string() }}), ''), 'unknown')
{%- endmacro %}
