with

final as (
    {{ gathered_rows(
        ref('fct_evaluation_runs'), ref('int_affected_months'), 'month', 'evaluated_at'
    ) }}
)

select * from final
