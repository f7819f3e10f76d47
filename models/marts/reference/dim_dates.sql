with

days as (
    select date_day
    from {{ days_between('2015-01-01', '2039-12-31') }} as all_days
),

final as (
    select
        date_day,

        cast(date_trunc('week', cast(date_day as timestamp)) as date) as week_start_date,
        cast(date_trunc('month', cast(date_day as timestamp)) as date) as month_start_date,
        cast(date_trunc('quarter', cast(date_day as timestamp)) as date) as quarter_start_date,
        cast(date_trunc('year', cast(date_day as timestamp)) as date) as year_start_date
    from days
)

select * from final
