-- depends_on: {{ published('fct_evaluation_runs') }}

with

final as (
    {{ gathered_rows(
        ref('fct_evaluation_runs'), ref('inc_affected_months'), 'month', 'evaluated_at'
    ) }}
)

select * from final
