{#
    Price of one token in USD, numeric(22, 22), from a JSON price per 1,000,000 tokens under two
    nested keys. NULL unless it is a JSON number below 1,000,000 with at most 16 decimals: only
    such a price is held exactly. A numeric string is no price.
#}
{% macro json_token_price(json, outer_key, inner_key) -%}
    {{ return(adapter.dispatch('json_token_price')(json, outer_key, inner_key)) }}
{%- endmacro %}

{% macro postgres__json_token_price(json, outer_key, inner_key) -%}
    {%- set price -%} {{ json }} -> '{{ outer_key }}' -> '{{ inner_key }}' {%- endset -%}
    cast(
        case
            when jsonb_typeof({{ price }}) = 'number' then
                case
                    when abs(cast({{ price }} as numeric)) < 1000000
                        and cast({{ price }} as numeric) = round(cast({{ price }} as numeric), 16)
                        then cast({{ price }} as numeric) * 0.000001
                end
        end as numeric(22, 22)
    )
{%- endmacro %}
