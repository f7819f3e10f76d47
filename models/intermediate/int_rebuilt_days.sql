-- depends_on: {{ ref('fct_requests') }}
with

{% if builds_slices() %}
changed as (
    select * from {{ rebuilt_rows('fct_requests') }}
    union all
    select * from {{ replaced_rows('fct_requests') }}
),
{% else %}
changed as (
    select * from {{ ref('fct_requests') }}
    where 1 = 0
),
{% endif %}

final as (
    select distinct
        source_system,
        organization_id,
        cast(date_trunc('day', requested_at) as date) as day
    from changed
    where requested_at is not null
)

select * from final
