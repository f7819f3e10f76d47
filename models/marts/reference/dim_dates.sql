with

models as (select * from {{ ref('dim_models') }}),

tag_usage as ({{ all_rows(ref('fct_daily_tag_usage')) }}),

evaluation_runs as (select * from {{ ref('fct_evaluation_runs') }}),

code_executions as (select * from {{ ref('fct_code_executions') }}),

feedback as (select * from {{ ref('fct_feedback') }}),

-- Every request has a model, and a list of models tells of each when it was seen first and last.
kept_days as (
    select
        {{ utc_day('min(first_requested_at)') }} as first_day,
        {{ utc_day('max(last_requested_at)') }} as last_day
    from models
    union all
    select
        min(day) as first_day,
        max(day) as last_day
    from tag_usage
    union all
    select
        {{ utc_day('min(evaluated_at)') }} as first_day,
        {{ utc_day('max(evaluated_at)') }} as last_day
    from evaluation_runs
    union all
    select
        {{ utc_day('min(executed_at)') }} as first_day,
        {{ utc_day('max(executed_at)') }} as last_day
    from code_executions
    union all
    select
        {{ utc_day('min(rated_at)') }} as first_day,
        {{ utc_day('max(rated_at)') }} as last_day
    from feedback
    union all
    select
        {{ utc_day(instant_of_reading()) }} as first_day,
        {{ utc_day(instant_of_reading()) }} as last_day
),

bounds as (
    select
        min(first_day) as first_day,
        max(last_day) as last_day
    from kept_days
),

days as (
    select date_day
    from
        {{ days_between(
            '(select first_day from bounds)', '(select last_day from bounds)'
        ) }} as all_days
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
