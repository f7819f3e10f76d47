with

final as (
    {{ gathered_rows(ref('fct_requests'), ref('int_rebuilt_sessions'), 'session') }}
)

select * from final
