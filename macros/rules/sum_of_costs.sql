{#
    The exact cost of token parts, numeric(37, 22). Each kind of part has the first of its prices that is
    listed: one without a price of its own costs what the part does that it belongs to, and is never
    free. Without any price some tokens make the sum NULL, and no tokens add nothing. Each step is cast,
    as engines that stop at 38 digits would else round; no sum comes near 10^15 USD.
#}
{% macro sum_of_costs(parts, price, kinds) -%}
    {%- set sum = namespace(
        sql='cast(coalesce(' ~ price ~ '.request_price_usd, 0) as numeric(37, 22))'
    ) -%}
    {%- for kind, price_kinds in kinds.items() -%}
        {%- set prices = [] -%}
        {%- for price_kind in price_kinds -%}
            {%- do prices.append(price ~ '.' ~ price_kind ~ '_price_usd_per_token') -%}
        {%- endfor -%}
        {%- set price_sql = prices[0] if prices | length == 1
            else 'coalesce(' ~ prices | join(', ') ~ ')' -%}
        {%- set cost -%}
            case
                when {{ parts }}.{{ kind }}_part = 0 then 0
                else
                    cast(
                        cast({{ parts }}.{{ kind }}_part as numeric(15, 0)) * {{ price_sql }}
                        as numeric(37, 22)
                    )
            end
        {%- endset -%}
        {%- set sum.sql = 'cast(' ~ sum.sql ~ ' + ' ~ cost ~ ' as numeric(37, 22))' -%}
    {%- endfor -%}
    {{ sum.sql }}
{%- endmacro %}
