with

days as (
    select date_day
    from {{ days_between('2015-01-01', '2039-12-31') }} as all_days
),

final as (
    select
        date_day,

        {{ period_start('week', 'date_day') }} as week_start_date,
        {{ period_start('month', 'date_day') }} as month_start_date,
        {{ period_start('quarter', 'date_day') }} as quarter_start_date,
        {{ period_start('year', 'date_day') }} as year_start_date
    from days
)

select * from final
