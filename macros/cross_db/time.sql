{#
    The instant of a time that a source system wrote without zone, of the years 2000 to 2099; anything
    else (infinity, the epoch, years of five digits) is NULL: it is no time of a request, and would
    stretch every period without a row to millennia. Of a time that the zone's clocks show twice it is
    the second instant; one that they skip counts on from the last they showed.
#}
{% macro source_instant(source_system, column) -%}
    {{ return(adapter.dispatch('source_instant', 'usage_warehouse')(
        column, source_time_zone(source_system)
    )) }}
{%- endmacro %}

{# In UTC the bounds of the time are those of the instant; elsewhere both are looked at. #}
{% macro postgres__source_instant(column, zone) -%}
    {%- set instant -%} timezone({{ sql_text(zone) }}, {{ column }}) {%- endset -%}
    case
        {%- if zone == 'UTC' %}
        when {{ column }} >= cast('2000-01-01 00:00:00' as timestamp)
            and {{ column }} <= cast('2099-12-31 23:59:59.999999' as timestamp)
        {%- else %}
        when {{ column }} >= cast('1999-12-31 00:00:00' as timestamp)
            and {{ column }} <= cast('2100-01-01 23:59:59.999999' as timestamp)
            and {{ instant }} >= {{ instant_at('2000-01-01 00:00:00') }}
            and {{ instant }} <= {{ instant_at('2099-12-31 23:59:59.999999') }}
        {%- endif %}
            then {{ instant }}
    end
{%- endmacro %}

{# The day of an instant, whatever the session's zone: every other day is some zone's own. #}
{% macro utc_day(instant) -%}
    {{ return(adapter.dispatch('utc_day', 'usage_warehouse')(instant)) }}
{%- endmacro %}

{% macro postgres__utc_day(instant) -%}
    cast(timezone('UTC', {{ instant }}) as date)
{%- endmacro %}

{# The instant at which the UTC hour of an instant begins. #}
{% macro utc_hour(instant) -%}
    {{ return(adapter.dispatch('utc_hour', 'usage_warehouse')(instant)) }}
{%- endmacro %}

{% macro postgres__utc_hour(instant) -%}
    date_trunc('hour', {{ instant }}, 'UTC')
{%- endmacro %}

{# Whole seconds since the UTC midnight before an instant. #}
{% macro utc_second_of_day(instant) -%}
    {{ return(adapter.dispatch('utc_second_of_day', 'usage_warehouse')(instant)) }}
{%- endmacro %}

{% macro postgres__utc_second_of_day(instant) -%}
    floor(extract(epoch from cast(timezone('UTC', {{ instant }}) as time)))
{%- endmacro %}

{# The instant at which a UTC day begins. #}
{% macro utc_midnight(day) -%}
    {{ return(adapter.dispatch('utc_midnight', 'usage_warehouse')(day)) }}
{%- endmacro %}

{% macro postgres__utc_midnight(day) -%}
    timezone('UTC', cast({{ day }} as timestamp))
{%- endmacro %}

{# The first day of the week, month, quarter or year of a day. #}
{% macro period_start(period, day) -%}
    cast(date_trunc('{{ period }}', cast({{ day }} as timestamp)) as date)
{%- endmacro %}

{#
    The day of the years 2000 to 2099 that a text names as YYYY-MM-DD; NULL for every other text, one
    that names no real day included.
#}
{% macro calendar_date(text_value) -%}
    {{ return(adapter.dispatch('calendar_date', 'usage_warehouse')(text_value)) }}
{%- endmacro %}

{% macro postgres__calendar_date(text_value) -%}
    case
        when {{ text_value }} ~ '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$'
            and pg_input_is_valid({{ text_value }}, 'date')
            then cast({{ text_value }} as date)
    end
{%- endmacro %}

{# A FROM item with one row per day, both ends included; its one column is date_day. #}
{% macro days_between(first_day, last_day) -%}
    {{ return(adapter.dispatch('days_between', 'usage_warehouse')(first_day, last_day)) }}
{%- endmacro %}

{% macro postgres__days_between(first_day, last_day) -%}
    (
        select cast(day_start as date) as date_day
        from generate_series(
            cast({{ first_day }} as timestamp),
            cast({{ last_day }} as timestamp),
            interval '1 day'
        ) as day_start
    )
{%- endmacro %}

{# Whole microseconds from one instant to another, as bigint; NULL when either is NULL. #}
{% macro microseconds_between(start_time, end_time) -%}
    {{ return(adapter.dispatch('microseconds_between', 'usage_warehouse')(start_time, end_time)) }}
{%- endmacro %}

{% macro postgres__microseconds_between(start_time, end_time) -%}
    cast(extract(epoch from {{ end_time }} - {{ start_time }}) * 1000000 as bigint)
{%- endmacro %}

{# Whole milliseconds from one instant to another, as bigint; NULL when either is NULL. #}
{% macro milliseconds_between(start_time, end_time) -%}
    {{ return(adapter.dispatch('milliseconds_between', 'usage_warehouse')(start_time, end_time)) }}
{%- endmacro %}

{% macro postgres__milliseconds_between(start_time, end_time) -%}
    cast(round(extract(epoch from {{ end_time }} - {{ start_time }}) * 1000) as bigint)
{%- endmacro %}

{# The first instant after another that the marts can tell from it. #}
{% macro instant_after(instant) -%}
    {{ return(adapter.dispatch('instant_after', 'usage_warehouse')(instant)) }}
{%- endmacro %}

{% macro postgres__instant_after(instant) -%}
    {{ instant }} + interval '1 microsecond'
{%- endmacro %}

{# When the rows of the running statement are read: the one clock that a model may look at. #}
{% macro instant_of_reading() -%}
    {{ return(adapter.dispatch('instant_of_reading', 'usage_warehouse')()) }}
{%- endmacro %}

{% macro postgres__instant_of_reading() -%}
    now()
{%- endmacro %}
