{# Whether a raw row may have changed since an instant, or does not tell. #}
{% macro is_looked_back_on(row, source, since) -%}
    ({{ row }}.{{ source.column }} >= {{ since }}
        or {{ row }}.{{ source.column }} < '0001-01-01'
        or {{ row }}.{{ source.column }} is null)
{%- endmacro %}
