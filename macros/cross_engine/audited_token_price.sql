{#
    What json_token_price reads, found by other means (a JSON path) for the audit of the marts: the
    price of one token in USD, numeric(22, 22).
#}
{% macro audited_token_price(json, outer_key, inner_key) -%}
    {{ return(adapter.dispatch('audited_token_price')(json, outer_key, inner_key)) }}
{%- endmacro %}

{% macro postgres__audited_token_price(json, outer_key, inner_key) -%}
    {%- set per_million -%}
        round(
            cast(
                jsonb_path_query_first(
                    {{ json }},
                    'strict $.{{ outer_key }}.{{ inner_key }} ? (@.type() == "number")',
                    '{}',
                    true
                ) as numeric
            ), 16
        )
    {%- endset -%}
    cast(
        case
            when {{ per_million }} > -1000000 and {{ per_million }} < 1000000
                then {{ per_million }} * 0.000001
        end as numeric(22, 22)
    )
{%- endmacro %}
