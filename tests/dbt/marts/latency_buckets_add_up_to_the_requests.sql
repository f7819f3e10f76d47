-- Never: the buckets of a day and slice hold more, fewer or other values than its requests.
-- Why: a percentile of a bucket that lost its slowest requests looks like any other.
-- Relies on it: every percentile that is estimated from fct_daily_latency.
-- noqa: disable=LT02
{% set keys = [
    'quantity', 'day', 'source_system', 'organization_id', 'project_id', 'provider', 'model',
    'has_model', 'is_successful',
] %}

{% set stored %}
    select
        {{ keys | join(', ') }},
        sum(value_count) as value_count,
        sum(value_sum) as value_sum,
        min(value_min) as value_min,
        max(value_max) as value_max
    from {{ get_where_subquery(ref('fct_daily_latency')) }}
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
{% endset %}

{% set added_up %}
    {% for quantity in ['latency_ms', 'first_token_latency_ms', 'total_tokens'] %}
    select
        '{{ quantity }}' as quantity,
        {{ utc_day('requested_at') }} as day,
        {{ keys[2:] | join(', ') }},
        cast(count({{ quantity }}) as numeric(38, 0)) as value_count,
        cast(sum({{ quantity }}) as numeric(38, 0)) as value_sum,
        min({{ quantity }}) as value_min,
        max({{ quantity }}) as value_max
    from {{ ref('inc_requests_of_affected_days') }}
    where requested_at is not null and {{ quantity }} is not null
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{% endset %}

with

-- Grouped together, which takes two NULLs for equal, each key has one row of either side.
sides as (
    {{ stored }}
    union all
    {{ added_up }}
)

select
    {{ keys | join(', ') }},
    count(*) as rows_of_both_sides
from sides
where {{ may_differ(stored, added_up) }}
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
having
    count(*) <> 2
    or min(value_count) <> max(value_count)
    or min(value_sum) <> max(value_sum)
    or min(value_min) <> max(value_min)
    or min(value_max) <> max(value_max)
