{#
    A text in which the first part that a regular expression fits is replaced; \1 to \9 in the
    replacement are the groups of the expression.
#}
{% macro pattern_replaced(text_value, pattern, replacement) -%}
    {{ return(adapter.dispatch('pattern_replaced')(text_value, pattern, replacement)) }}
{%- endmacro %}

{% macro postgres__pattern_replaced(text_value, pattern, replacement) -%}
    regexp_replace({{ text_value }}, {{ pattern }}, {{ replacement }})
{%- endmacro %}
