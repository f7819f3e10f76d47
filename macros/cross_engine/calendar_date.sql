{#
    The day that a text names as YYYY-MM-DD; NULL for every other text, one that names no real day
    included.
#}
{% macro calendar_date(text_value) -%}
    {{ return(adapter.dispatch('calendar_date')(text_value)) }}
{%- endmacro %}

{% macro postgres__calendar_date(text_value) -%}
    case
        when {{ text_value }} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
            and pg_input_is_valid({{ text_value }}, 'date')
            then cast({{ text_value }} as date)
    end
{%- endmacro %}
