{#
    At the end of a query: what it computes is computed once for each row, however often it is read.
    Postgres would else put the expression wherever its name stands.
#}
{% macro computed_once() -%}
    {{ return(adapter.dispatch('computed_once')()) }}
{%- endmacro %}

{% macro default__computed_once() -%}
{%- endmacro %}

{% macro postgres__computed_once() -%}
    offset 0
{%- endmacro %}
