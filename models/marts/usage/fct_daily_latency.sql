with

{% set quantities = ['latency_ms', 'first_token_latency_ms', 'total_tokens'] -%}

-- A request without a readable time belongs to no day, and one whose quantity is not known to no
-- bucket, as no percentile counts it. Each quantity is read and grouped by itself: all of them
-- would be one table three times as long.
{% for quantity in quantities -%}
requests_with_{{ quantity }} as (
    select * from {{ ref('inc_requests_of_affected_days') }}
    where requested_at is not null and {{ quantity }} is not null
),

buckets_of_{{ quantity }} as (
    select
        {{ utc_day('requested_at') }} as day,
        source_system,
        organization_id,
        project_id,

        provider,
        model,
        has_model,
        is_successful,
        {{ logarithmic_bucket(quantity) }} as bucket,

        count(*) as value_count,
        cast(sum({{ quantity }}) as bigint) as value_sum,
        min({{ quantity }}) as value_min,
        max({{ quantity }}) as value_max
    from requests_with_{{ quantity }}
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
),

{% endfor -%}
final as (
    {% for quantity in quantities -%}
    select
        day,
        source_system,
        organization_id,
        project_id,

        provider,
        model,
        has_model,
        is_successful,
        cast('{{ quantity }}' as {{ dbt.type_string() }}) as quantity,
        bucket,

        value_count,
        value_sum,
        value_min,
        value_max
    from buckets_of_{{ quantity }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final
