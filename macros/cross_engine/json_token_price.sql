{#
    Price of one token in USD, numeric(22, 22), from a JSON price per 1,000,000 tokens under two
    nested keys, rounded half away from zero at its 16th decimal. NULL unless it is a JSON number
    below 1,000,000: the type holds no larger one. A numeric string is no price.
#}
{% macro json_token_price(json, outer_key, inner_key) -%}
    {{ return(adapter.dispatch('json_token_price')(json, outer_key, inner_key)) }}
{%- endmacro %}

{% macro postgres__json_token_price(json, outer_key, inner_key) -%}
    {%- set price -%} {{ json }} -> '{{ outer_key }}' -> '{{ inner_key }}' {%- endset -%}
    {%- set rounded -%} round(cast({{ price }} as numeric), 16) {%- endset -%}
    cast(
        case
            when jsonb_typeof({{ price }}) = 'number' then
                case
                    when abs({{ rounded }}) < 1000000 then {{ rounded }} * 0.000001
                end
        end as numeric(22, 22)
    )
{%- endmacro %}
