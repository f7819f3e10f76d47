{#
    Whether a price is the one of a request: at its time, in its part of the UTC day, and for its whole
    prompt, what is cached included: all tokens of a request are in one band.
#}
{% macro price_holds(request, price) -%}
    {%- set instant = priced_at(request) -%}
    {%- set second_of_day -%}
        {{ utc_second_of_day(instant) }}
    {%- endset -%}
    {{ instant }} >= {{ price }}.valid_from_at
    and ({{ price }}.valid_to_at is null or {{ instant }} < {{ price }}.valid_to_at)
    and greatest(coalesce({{ request }}.input_tokens, 0), 0) >= {{ price }}.from_input_tokens
    and (
        {{ price }}.to_input_tokens is null
        or greatest(coalesce({{ request }}.input_tokens, 0), 0) < {{ price }}.to_input_tokens
    )
    and (
        ({{ price }}.from_second_of_day = 0 and {{ price }}.to_second_of_day = 86400)
        or (
            {{ second_of_day }} >= {{ price }}.from_second_of_day
            and {{ second_of_day }} < {{ price }}.to_second_of_day
        )
    )
{%- endmacro %}

{# The instant whose prices a request has; one without a readable time has those that hold at last. #}
{% macro priced_at(request) -%}
    coalesce({{ request }}.requested_at, {{ instant_at('9999-12-31 23:59:59.999999') }})
{%- endmacro %}

{# The price of one token in USD, numeric(22, 22), from a price of 1,000,000 tokens; exactly. #}
{% macro usd_per_token(usd_per_mtok) -%}
    cast({{ usd_per_mtok }} * 0.000001 as numeric(22, 22))
{%- endmacro %}

{# The instant from which a price holds that begins on a UTC day; without a day it always held. #}
{% macro first_instant(day) -%}
    coalesce({{ utc_midnight(day) }}, {{ instant_at('0001-01-01 00:00:00') }})
{%- endmacro %}

{#
    A subquery: the time of each key cut at every moment at which one of its periods begins or ends,
    so that in each stretch [from_at, to_at) the same periods hold. The last one has no end.
#}
{% macro stretches(periods, key) -%}
    {%- set names = key | join(', ') -%}
    (
        select
            {{ names }},
            moment as from_at,
            lead(moment) over (partition by {{ names }} order by moment nulls last) as to_at
        from (
            select {{ names }}, valid_from_at as moment from {{ periods }}
            union
            select {{ names }}, valid_to_at as moment from {{ periods }}
            where valid_to_at is not null
        ) as moments
    )
{%- endmacro %}

{#
    A subquery: the time of each key that its periods leave: before the first of them, between two that
    do not meet, after the last. The periods of a key do not overlap.
#}
{% macro periods_left(periods, key) -%}
    {%- set names = key | join(', ') -%}
    (
        select
            {{ names }},
            left_from_at,
            left_to_at
        from (
            select
                {{ names }},
                coalesce(
                    lag(valid_to_at) over (
                        partition by {{ names }} order by valid_from_at nulls last
                    ),
                    {{ instant_at('0001-01-01 00:00:00') }}
                ) as left_from_at,
                valid_from_at as left_to_at
            from {{ periods }}

            union all

            select
                {{ names }},
                max(valid_to_at) as left_from_at,
                cast(null as {{ instant_type() }}) as left_to_at
            from {{ periods }}
            group by {{ names }}
            having count(*) = count(valid_to_at)
        ) as gaps
        where left_to_at is null or left_from_at < left_to_at
    )
{%- endmacro %}
