{#
    Whether a regular expression fits anywhere in a text. Both engines know what the list of prices
    uses: classes, groups, counts, anchors, looking ahead.
#}
{% macro matches_pattern(text_value, pattern) -%}
    {{ return(adapter.dispatch('matches_pattern')(text_value, pattern)) }}
{%- endmacro %}

{% macro postgres__matches_pattern(text_value, pattern) -%}
    {{ text_value }} ~ {{ pattern }}
{%- endmacro %}
