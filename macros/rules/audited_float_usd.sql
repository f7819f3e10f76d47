{#
    What float_usd reads, found by other means for the audit of the marts: the bounds are the last
    floats below 1e16. NaN is greater than every number.
#}
{% macro audited_float_usd(column) -%}
    case
        when {{ column }} between -9999999999999998 and 9999999999999998
            then cast(cast({{ column }} as {{ dbt.type_string() }}) as numeric(38, 22))
    end
{%- endmacro %}
