{#
    Two columns: what the parts of a request's tokens cost at its price (full_cost_usd), and what they
    would at the listed standard price with nothing cached (uncached_cost_usd, NULL where that is the
    same). NULL without a price, or without any count. Most requests have no parts but input and output,
    and are quickly done.
#}
{% macro request_costs(request, price, listed) -%}
    {%- set simple = {'input': ['input'], 'output': ['output']} -%}
    {%- set full = {
        'input': ['input'],
        'cached_input': ['cached_input', 'input'],
        'cache_write': ['cache_write', 'input'],
        'cache_write_1h': ['cache_write_1h', 'cache_write', 'input'],
        'audio_input': ['audio_input', 'input'],
        'cached_audio_input': ['cached_audio_input', 'cached_input', 'audio_input', 'input'],
        'output': ['output'],
        'audio_output': ['audio_output', 'output'],
        'reasoning': ['reasoning', 'output'],
    } -%}
    {%- set uncached = dict(
        full, cached_input=['input'], cache_write=['input'], cache_write_1h=['input'],
        cached_audio_input=['audio_input', 'input']
    ) -%}
    {%- set is_unpriced -%}
        {{ price }}.price_list is null
            or coalesce({{ request }}.input_tokens, {{ request }}.output_tokens) is null
    {%- endset %}
    case
        when {{ is_unpriced }} then null
        when {{ request }}.is_simple then {{ sum_of_costs(request, price, simple) }}
        else {{ sum_of_costs(request, price, full) }}
    end as full_cost_usd,
    case
        when {{ is_unpriced }}
            or ({{ request }}.is_simple and {{ price }}.processing = 'standard') then null
        else {{ sum_of_costs(request, listed, uncached) }}
    end as uncached_cost_usd
{%- endmacro %}

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

{#
    How exact a request's cost can be, after what decided it: what the source reports says so itself;
    a computed cost is not exact where the source does not say how much of the input was cached, or
    where the price list has no price for a cached part and that of uncached input had to do.
#}
{% macro cost_precision() -%}
    {%- set kinds = ['cached_input', 'cache_write', 'cache_write_1h', 'cached_audio_input'] -%}
    case
        when cost_source = 'reported' then reported_cost_precision
        when cost_source in ('unpriced', 'not_applicable') then null
        when is_cache_hit then 'exact'
        when
            cached_input_tokens is null
            and input_tokens > 0
            and (
                cached_input_price_usd_per_token is not null
                or price_source = 'model_config'
            )
            then 'no_cache_split'
        when
            {%- for kind in kinds %}
            {{ 'or ' if not loop.first }}(
                {{ kind }}_part > 0
                and {{ kind }}_price_usd_per_token is null
            )
            {%- endfor %}
            then 'no_cache_price'
        else 'exact'
    end
{%- endmacro %}

{# Whether the price book may decide a cost; stops with the choices where the variable is neither. #}
{% macro price_book_fallback() -%}
    {%- set value = var('price_book_fallback') -%}
    {%- if value is not boolean -%}
        {{ exceptions.raise_compiler_error(
            "The var price_book_fallback must be true or false, but is " ~ value | tojson ~ "."
        ) }}
    {%- endif -%}
    {{ return(value) }}
{%- endmacro %}
