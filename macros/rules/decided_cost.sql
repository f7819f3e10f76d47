{#
    Three columns: what a request costs, and what decided it. What the source reports goes before what
    its own price list gives, and that before the price book, which only decides where it may. A chain
    costs nothing of its own, and a hit of the gateway's own cache costs nothing at all.
#}
{% macro decided_cost(request) -%}
    {%- set computed -%}
        case
            when {{ request }}.request_kind = 'chain' then 0
            when {{ request }}.full_cost_usd is not null and {{ request }}.is_cache_hit then 0
            else {{ request }}.full_cost_usd
        end
    {%- endset -%}
    {%- set may_decide -%}
        (
            {{ request }}.request_kind = 'chain'
            or (
                {{ request }}.full_cost_usd is not null
                {%- if not price_book_fallback() %}
                and {{ request }}.price_source = 'model_config'
                {%- endif %}
            )
        )
    {%- endset -%}
    case
        when {{ request }}.request_kind = 'chain' then 'not_applicable'
        when {{ request }}.reported_cost_usd is not null then 'reported'
        when {{ may_decide }} then {{ request }}.price_source
        else 'unpriced'
    end as cost_source,
    cast({{ computed }} as numeric(38, 22)) as computed_cost_usd,
    cast(
        coalesce(
            {{ request }}.reported_cost_usd,
            case when {{ may_decide }} then {{ computed }} else 0 end
        ) as numeric(38, 22)
    ) as cost_usd
{%- endmacro %}
