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
        project_id,
        session_id
    from changed
    where session_id is not null
)

select * from final
