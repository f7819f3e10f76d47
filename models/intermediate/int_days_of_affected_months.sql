-- depends_on: {{ ref('int_affected_days') }}

with

final as (
    {{ gathered_rows(ref('fct_daily_usage'), ref('int_affected_months'), 'month', 'day') }}
)

select * from final
