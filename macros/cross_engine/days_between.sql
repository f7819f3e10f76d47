{# A FROM item with one row per day, both ends included; its one column is date_day. #}
{% macro days_between(first_day, last_day) -%}
    {{ return(adapter.dispatch('days_between')(first_day, last_day)) }}
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
