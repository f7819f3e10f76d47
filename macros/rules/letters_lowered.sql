{#
    A text whose Latin letters are in lower case, the same in every locale. The Kelvin sign is the one
    other character whose small letter is one of them.
#}
{% macro letters_lowered(text_value) -%}
    translate(
        {{ text_value }}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZK', 'abcdefghijklmnopqrstuvwxyzk'
    )
{%- endmacro %}
