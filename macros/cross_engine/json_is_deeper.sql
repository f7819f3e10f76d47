{#
    Whether more than so many arrays and objects of a JSON text stand inside each other. The text comes
    without its strings, whose brackets mean nothing. A text that is no JSON may count as deeper.
#}
{% macro json_is_deeper(bare_text, levels) -%}
    {{ return(adapter.dispatch('json_is_deeper')(bare_text, levels)) }}
{%- endmacro %}

{# By a pattern, not by counting in a subquery: that would keep other processes from helping. #}
{% macro postgres__json_is_deeper(bare_text, levels) -%}
    translate(regexp_replace({{ bare_text }}, '[^][{}]', '', 'g'), '{}', '[]')
    !~ '^(?:{{ "\\[(?:" * (levels - 1) }}\[\]{{ ")*\\]" * (levels - 1) }})*$'
{%- endmacro %}
