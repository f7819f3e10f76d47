with

organizations as (select * from {{ ref('stg_kaapi__organizations') }}),

final as (
    select
        source_system,
        organization_id,

        organization_name,

        is_active
    from organizations
)

select * from final
