-- depends_on: {{ published('fct_daily_usage') }}
-- depends_on: {{ ref('inc_affected_days') }}

with

final as (
    {{ gathered_rows(ref('fct_daily_usage'), ref('inc_affected_months'), 'month', 'day') }}
)

select * from final
