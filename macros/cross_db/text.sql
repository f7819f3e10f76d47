{# A text to sort by: in the order of its code points, whatever the database's own order is. #}
{% macro by_code_point(text_value) -%}
    {{ return(adapter.dispatch('by_code_point', 'usage_warehouse')(text_value)) }}
{%- endmacro %}

{% macro postgres__by_code_point(text_value) -%}
    {{ text_value }} collate "C"
{%- endmacro %}

{#
    Whether a regular expression fits anywhere in a text. Both engines know what the list of prices
    uses: classes, groups, counts, anchors, looking ahead.
#}
{% macro matches_pattern(text_value, pattern) -%}
    {{ return(adapter.dispatch('matches_pattern', 'usage_warehouse')(text_value, pattern)) }}
{%- endmacro %}

{% macro postgres__matches_pattern(text_value, pattern) -%}
    {{ text_value }} ~ {{ pattern }}
{%- endmacro %}

{#
    A text in which the first part that a regular expression fits is replaced; \1 to \9 in the
    replacement are the groups of the expression.
#}
{% macro pattern_replaced(text_value, pattern, replacement) -%}
    {{ return(adapter.dispatch('pattern_replaced', 'usage_warehouse')(text_value, pattern, replacement)) }}
{%- endmacro %}

{% macro postgres__pattern_replaced(text_value, pattern, replacement) -%}
    regexp_replace({{ text_value }}, {{ pattern }}, {{ replacement }})
{%- endmacro %}

{#
    The usual text of a UUID (lower case, hyphens), from any spelling the database reads as a UUID.
    Text that is none gives NULL instead of an error.
#}
{% macro uuid_text(text_value) -%}
    {{ return(adapter.dispatch('uuid_text', 'usage_warehouse')(text_value)) }}
{%- endmacro %}

{% macro postgres__uuid_text(text_value) -%}
    case
        when {{ text_value }} ~* '^([0-9a-f]{4}-?){7}[0-9a-f]{4}$'
            or {{ text_value }} ~* '^[{]([0-9a-f]{4}-?){7}[0-9a-f]{4}[}]$'
            then cast(cast({{ text_value }} as uuid) as text)
    end
{%- endmacro %}

{#
    A text whose Latin letters are in lower case, the same in every locale. The Kelvin sign is the one
    other character whose small letter is one of them.
#}
{% macro letters_lowered(text_value) -%}
    translate(
        {{ text_value }}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZK', 'abcdefghijklmnopqrstuvwxyzk'
    )
{%- endmacro %}
