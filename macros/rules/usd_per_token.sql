{# The price of one token in USD, numeric(22, 22), from a price of 1,000,000 tokens; exactly. #}
{% macro usd_per_token(usd_per_mtok) -%}
    cast({{ usd_per_mtok }} * 0.000001 as numeric(22, 22))
{%- endmacro %}
