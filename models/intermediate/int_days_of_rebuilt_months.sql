-- depends_on: {{ ref('int_rebuilt_days') }}

with

final as (
    {{ gathered_rows(ref('fct_daily_usage'), ref('int_rebuilt_months'), 'month', 'day') }}
)

select * from final
