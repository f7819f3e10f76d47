-- depends_on: {{ published('fct_requests') }}

with

final as (
    {{ gathered_rows(ref('fct_requests'), ref('inc_affected_sessions'), 'session') }}
)

select * from final
