with

organizations as (
    {% for source_system in enabled_source_systems() %}
    {% if source_system in source_systems_that_list('organizations') %}
    select
        source_system,
        organization_id,
        organization_name,
        is_active
    from {{ ref('stg_' ~ source_system ~ '__organizations') }}
    {% else %}
    -- {{ source_system }} knows no organizations: all its rows belong to one.
    select
        cast('{{ source_system }}' as {{ dbt.type_string() }}) as source_system,
        {{ var_text('default_organization_id') }} as organization_id,
        cast(null as {{ dbt.type_string() }}) as organization_name,
        true as is_active
    {% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        source_system,
        organization_id,

        organization_name,

        is_active
    from organizations
)

select * from final
