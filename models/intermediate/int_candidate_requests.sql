-- depends_on: {{ ref('int_model_prices') }}
-- depends_on: {{ ref('fct_evaluation_runs') }}

with

examined as (
    {{ candidate_requests() }}
),

final as (
    select
        source_system,
        request_kind,
        request_id
    from examined
)

select * from final
