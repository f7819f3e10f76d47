{# The first instant after another that the marts can tell from it. #}
{% macro instant_after(instant) -%}
    {{ return(adapter.dispatch('instant_after')(instant)) }}
{%- endmacro %}

{% macro postgres__instant_after(instant) -%}
    {{ instant }} + interval '1 microsecond'
{%- endmacro %}
