-- depends_on: {{ published('fct_requests') }}

with

changed as (
    {{ changed_rows(ref('fct_requests')) }}
),

final as (
    select distinct
        source_system,
        organization_id,
        {{ utc_day('requested_at') }} as day
    from changed
    where requested_at is not null
)

select * from final
