{#
    A timestamp of the years 1 to 9999; anything else (infinity, years BC or of five digits) is
    NULL. Postgres stores such values, but no client of the marts can read them.
#}
{% macro calendar_timestamp(column) -%}
    case
        when {{ column }} >= cast('0001-01-01 00:00:00' as timestamp)
            and {{ column }} <= cast('9999-12-31 23:59:59.999999' as timestamp)
            then cast({{ column }} as timestamp)
    end
{%- endmacro %}
