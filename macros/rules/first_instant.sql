{# The instant from which a price holds that begins on a UTC day; without a day it always held. #}
{% macro first_instant(day) -%}
    coalesce(cast({{ day }} as timestamp), cast('0001-01-01 00:00:00' as timestamp))
{%- endmacro %}
