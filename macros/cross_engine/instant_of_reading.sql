{# When the rows of the running statement are read, UTC: the one clock that a model may look at. #}
{% macro instant_of_reading() -%}
    {{ return(adapter.dispatch('instant_of_reading')()) }}
{%- endmacro %}

{% macro postgres__instant_of_reading() -%}
    cast(now() at time zone 'UTC' as timestamp)
{%- endmacro %}
