{#
    At the end of a query: what it computes is computed once for each row, however often it is read.
    Postgres would else put the expression wherever its name stands.
#}
{% macro computed_once() -%}
    {{ return(adapter.dispatch('computed_once')()) }}
{%- endmacro %}

{% macro default__computed_once() -%}
{%- endmacro %}

{#
    Written as a bigint: of a bare 0, which has yet to become one, Postgres only knows that rows may be
    left out, and has no other process help.
#}
{% macro postgres__computed_once() -%}
    offset bigint '0'
{%- endmacro %}
