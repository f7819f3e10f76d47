with

final as (
    {{ gathered_rows(ref('fct_requests'), ref('int_affected_sessions'), 'session') }}
)

select * from final
