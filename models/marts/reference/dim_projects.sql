with

projects as (
    {% for source_system in enabled_source_systems() %}
    {% if source_system in source_systems_that_list('projects') %}
    select
        source_system,
        organization_id,
        project_id,
        project_name,
        is_active
    from {{ ref('stg_' ~ source_system ~ '__projects') }}
    {% else %}
    -- {{ source_system }} knows no projects: all its rows belong to one.
    select
        cast('{{ source_system }}' as {{ dbt.type_string() }}) as source_system,
        {{ var_text('default_organization_id') }} as organization_id,
        {{ var_text('default_project_id') }} as project_id,
        cast(null as {{ dbt.type_string() }}) as project_name,
        true as is_active
    {% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

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
