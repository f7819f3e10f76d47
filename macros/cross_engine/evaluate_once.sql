{#
    Closes a lateral subquery whose columns are read several times, so that the engine computes them
    once per row. Without it Postgres inlines the expressions at every use, JSON parsing included.
#}
{% macro evaluate_once() -%}
    {{ return(adapter.dispatch('evaluate_once')()) }}
{%- endmacro %}

{% macro postgres__evaluate_once() -%}
    offset 0
{%- endmacro %}
