-- depends_on: {{ ref('int_model_prices') }}
-- depends_on: {{ ref('fct_evaluation_runs') }}
-- depends_on: {% for system in enabled_source_systems() %}{{ ref('audit_' ~ system ~ '__raw_totals') }} {% endfor %}

with

examined as (
    {{ examined_requests() }}
),

final as (
    select
        source_system,
        request_kind,
        request_id
    from examined
)

select * from final
