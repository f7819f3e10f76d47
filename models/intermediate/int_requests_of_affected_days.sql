with

final as (
    {{ gathered_rows(ref('fct_requests'), ref('int_affected_days'), 'day', 'requested_at') }}
)

select * from final
