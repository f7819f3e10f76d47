{#
    Amount in USD from a floating-point column, numeric(38, 22): the decimal that the shortest text
    of the float names, rounded half away from zero. A direct cast to numeric would keep 15 digits
    and lose the rest. NaN, infinities and magnitudes of 1e12 or more are no amounts: NULL.
#}
{% macro float_usd(column) -%}
    {{ return(adapter.dispatch('float_usd', 'usage_warehouse')(column)) }}
{%- endmacro %}

{% macro postgres__float_usd(column) -%}
    {# Postgres takes NaN for greater than every number. #}
    cast(
        case
            when abs({{ column }}) < 1e12
                then round(cast(cast({{ column }} as text) as numeric), 22)
        end as numeric(38, 22)
    )
{%- endmacro %}

{# Whole cents as USD, exactly; NULL stays NULL. 1e12 USD and more are no amount: NULL. #}
{% macro cents_as_usd(column) -%}
    cast(
        case
            when {{ column }} > -100000000000000 and {{ column }} < 100000000000000
                then cast({{ column }} as numeric(18, 0)) * 0.01
        end as numeric(38, 22)
    )
{%- endmacro %}

{#
    Tokens, requests or milliseconds from a column of whole numbers, bigint. What has more than 15 digits
    is no count of anything and would overflow a sum: NULL. json_token_count has the same bound.
#}
{% macro whole_count(column) -%}
    case
        when {{ column }} > -1000000000000000 and {{ column }} < 1000000000000000
            then cast({{ column }} as bigint)
    end
{%- endmacro %}
