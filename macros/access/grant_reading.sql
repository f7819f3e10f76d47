{# Lets both reader roles select from a table; which rows they get is up to its policies. #}
{% macro grant_reading(target) -%}
    grant select on {{ target }}
        to {{ adapter.quote(var('api_role')) }}, {{ adapter.quote(var('bi_role')) }};
{%- endmacro %}
