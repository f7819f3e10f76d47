-- depends_on: {{ published('fct_requests') }}
-- depends_on: {{ published('fct_evaluation_runs') }}
-- depends_on: {{ published('dim_model_prices') }}
-- depends_on: {{ ref('int_model_prices') }}

with

candidates as (
    {{ candidate_requests() }}
),

final as (
    select
        source_system,
        request_kind,
        request_id,
        requested_at
    from candidates
)

select * from final
