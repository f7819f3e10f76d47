-- depends_on: {{ ref('int_rebuilt_sessions') }}, {{ ref('fct_requests') }}
with

{% if builds_slices() %}
final as (
    select published.*
    from {{ ref('int_rebuilt_sessions') }} as slice
    inner join {{ serving_relation('fct_requests') }} as published
        on
            slice.source_system = published.source_system
            and slice.organization_id = published.organization_id
            and slice.project_id = published.project_id
            and slice.session_id = published.session_id
    where not exists (
        select 1 from {{ replaced_rows('fct_requests') }} as replaced
        where
            published.source_system = replaced.source_system
            and published.request_kind = replaced.request_kind
            and published.request_id = replaced.request_id
    )
    union all
    select * from {{ rebuilt_rows('fct_requests') }}
    where session_id is not null
)
{% else %}
final as (select * from {{ ref('fct_requests') }})
{% endif %}

select * from final
