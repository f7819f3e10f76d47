with

projects as (select * from {{ ref('stg_kaapi__projects') }}),

final as (
    select
        source_system,
        organization_id,
        project_id,

        project_name,

        is_active
    from projects
)

select * from final
