{#
    A timestamp's day, for the audit of the marts; NULL outside the years 1 to 9999. By other means
    than calendar_timestamp, so that a fault there is seen here.
#}
{% macro audited_day(column) -%}
    case
        when extract(year from {{ column }}) between 1 and 9999
            then cast(date_trunc('day', {{ column }}) as date)
    end
{%- endmacro %}
