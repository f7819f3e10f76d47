-- depends_on: {{ published('fct_requests') }}

with

changed as (
    {{ changed_rows(ref('fct_requests')) }}
),

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
