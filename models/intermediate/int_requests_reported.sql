with

final as (
    {% for source_system in enabled_source_systems() %}
    select * from {{ ref('int_' ~ source_system ~ '__requests') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final
