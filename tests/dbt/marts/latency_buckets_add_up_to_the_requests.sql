-- Never: the buckets of a day and slice hold more, fewer or other values than its requests.
-- Why: a percentile of a bucket that lost its slowest requests looks like any other.
-- Relies on it: every percentile that is estimated from fct_daily_latency.
with

stored as (
    select
        quantity,
        day,
        source_system,
        organization_id,
        project_id,
        provider,
        model,
        has_model,
        is_successful,
        sum(value_count) as value_count,
        sum(value_sum) as value_sum,
        min(value_min) as value_min,
        max(value_max) as value_max
    from {{ get_where_subquery(ref('fct_daily_latency')) }}
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
),

added_up as (
    {% for quantity in ['latency_ms', 'first_token_latency_ms', 'total_tokens'] %}
    select
        '{{ quantity }}' as quantity,
        cast(date_trunc('day', requested_at) as date) as day,
        source_system,
        organization_id,
        project_id,
        provider,
        model,
        has_model,
        is_successful,
        count({{ quantity }}) as value_count,
        sum({{ quantity }}) as value_sum,
        min({{ quantity }}) as value_min,
        max({{ quantity }}) as value_max
    from {{ ref('int_requests_of_rebuilt_days') }}
    where requested_at is not null and {{ quantity }} is not null
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

not_in_requests as (
    select * from stored
    except
    select * from added_up
),

not_in_buckets as (
    select * from added_up
    except
    select * from stored
)

select
    'buckets' as only_in,
    not_in_requests.*
from not_in_requests
union all
select
    'requests' as only_in,
    not_in_buckets.*
from not_in_buckets
