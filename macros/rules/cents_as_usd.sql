{# Whole cents as USD, exactly; NULL stays NULL. #}
{% macro cents_as_usd(column) -%}
    cast(cast({{ column }} as numeric(18, 0)) * 0.01 as numeric(38, 22))
{%- endmacro %}
