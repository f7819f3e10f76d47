-- depends_on: {{ ref('int_rebuilt_days') }}, {{ ref('fct_requests') }}
with

{% if builds_slices() %}
final as (
    select published.*
    from {{ ref('int_rebuilt_days') }} as slice
    inner join {{ serving_relation('fct_requests') }} as published
        on
            slice.source_system = published.source_system
            and slice.organization_id = published.organization_id
            and published.requested_at >= slice.day
            and published.requested_at < slice.day + 1
    where not exists (
        select 1 from {{ replaced_rows('fct_requests') }} as replaced
        where
            published.source_system = replaced.source_system
            and published.request_kind = replaced.request_kind
            and published.request_id = replaced.request_id
    )
    union all
    select * from {{ rebuilt_rows('fct_requests') }}
)
{% else %}
final as (select * from {{ ref('fct_requests') }})
{% endif %}

select * from final
