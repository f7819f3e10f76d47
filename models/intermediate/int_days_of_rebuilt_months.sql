-- depends_on: {{ ref("int_rebuilt_months") }}, {{ ref("fct_daily_usage") }}, {{ ref("int_rebuilt_days") }}
with

{% if builds_slices() %}
final as (
    select published.*
    from {{ ref('int_rebuilt_months') }} as slice
    inner join {{ serving_relation('fct_daily_usage') }} as published
        on
            slice.source_system = published.source_system
            and slice.organization_id = published.organization_id
            and published.day >= slice.month
            and published.day < slice.month + interval '1 month'
    where not exists (
        select 1 from {{ ref('int_rebuilt_days') }} as rebuilt
        where
            published.source_system = rebuilt.source_system
            and published.organization_id = rebuilt.organization_id
            and published.day = rebuilt.day
    )
    union all
    select * from {{ rebuilt_rows('fct_daily_usage') }}
)
{% else %}
final as (select * from {{ ref('fct_daily_usage') }})
{% endif %}

select * from final
