{#
    Whenever a request was made, and however long its prompt, at most one row of each key is its
    price, and from the first period on exactly one: periods follow one another, the parts of the
    day fill each period, the sizes of prompts fill each part. Times without a price between two
    periods are a fault unless there may be a pause.
#}
{% test has_one_price_for_each_request(
    model, key, valid_from='valid_from_at', valid_to='valid_to_at', may_pause=false
) %}
{%- set period = key + ['period_from_at', 'period_to_at'] -%}
{%- set part = period + ['from_second_of_day', 'to_second_of_day'] %}

with

prices as (
    select
        {{ key | join(', ') }},
        coalesce({{ valid_from }}, {{ instant_at('0001-01-01 00:00:00') }}) as period_from_at,
        {{ valid_to }} as period_to_at,
        from_second_of_day,
        to_second_of_day,
        from_input_tokens,
        to_input_tokens
    from {{ model }}
),

periods as (
    select
        {{ period | join(', ') }},
        lead(period_from_at) over (
            partition by {{ key | join(', ') }} order by period_from_at
        ) as next_from_at
    from (select distinct {{ period | join(', ') }} from prices) as distinct_periods
),

parts as (
    select
        {{ part | join(', ') }},
        row_number() over (
            partition by {{ period | join(', ') }} order by from_second_of_day
        ) as position,
        lead(from_second_of_day) over (
            partition by {{ period | join(', ') }} order by from_second_of_day
        ) as next_second_of_day
    from (select distinct {{ part | join(', ') }} from prices) as distinct_parts
),

sizes as (
    select
        {{ part | join(', ') }},
        from_input_tokens,
        to_input_tokens,
        row_number() over (
            partition by {{ part | join(', ') }} order by from_input_tokens
        ) as position,
        lead(from_input_tokens) over (
            partition by {{ part | join(', ') }} order by from_input_tokens
        ) as next_input_tokens
    from prices
),

faults as (
    select
        {{ key | join(', ') }},
        period_from_at,
        'period' as fault
    from periods
    where
        period_to_at <= period_from_at
        or (next_from_at is not null and coalesce(period_to_at > next_from_at, true))
        {% if not may_pause %}or period_to_at < next_from_at{% endif %}

    union all

    select
        {{ key | join(', ') }},
        period_from_at,
        'part of the day' as fault
    from parts
    where
        (position = 1 and from_second_of_day <> 0)
        or to_second_of_day <= from_second_of_day
        or to_second_of_day <> coalesce(next_second_of_day, 86400)

    union all

    select
        {{ key | join(', ') }},
        period_from_at,
        'size of prompt' as fault
    from sizes
    where
        (position = 1 and from_input_tokens <> 0)
        or to_input_tokens <= from_input_tokens
        or to_input_tokens is distinct from next_input_tokens
)

select * from faults

{% endtest %}
