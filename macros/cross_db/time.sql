{#
    A timestamp of the years 2000 to 2099; anything else (infinity, the epoch, years of five digits) is
    NULL: it is no time of a request, and would stretch every period without a row to millennia.
#}
{% macro calendar_timestamp(column) -%}
    case
        when {{ column }} >= cast('2000-01-01 00:00:00' as timestamp)
            and {{ column }} <= cast('2099-12-31 23:59:59.999999' as timestamp)
            then cast({{ column }} as timestamp)
    end
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
            cast('{{ first_day }}' as timestamp),
            cast('{{ last_day }}' as timestamp),
            interval '1 day'
        ) as day_start
    )
{%- endmacro %}

{# Whole microseconds from one timestamp to another, as bigint; NULL when either is NULL. #}
{% macro microseconds_between(start_time, end_time) -%}
    {{ return(adapter.dispatch('microseconds_between', 'usage_warehouse')(start_time, end_time)) }}
{%- endmacro %}

{% macro postgres__microseconds_between(start_time, end_time) -%}
    cast(extract(epoch from {{ end_time }} - {{ start_time }}) * 1000000 as bigint)
{%- endmacro %}

{# Whole milliseconds from one timestamp to another, as bigint; NULL when either is NULL. #}
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

{# When the rows of the running statement are read, UTC: the one clock that a model may look at. #}
{% macro instant_of_reading() -%}
    {{ return(adapter.dispatch('instant_of_reading', 'usage_warehouse')()) }}
{%- endmacro %}

{% macro postgres__instant_of_reading() -%}
    cast(now() at time zone 'UTC' as timestamp)
{%- endmacro %}
