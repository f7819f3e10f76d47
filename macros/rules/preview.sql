{# A text, or its first characters followed by `...` when it has more than so many. #}
{% macro preview(text_value, length) -%}
    case
        when length({{ text_value }}) > {{ length }}
            then left({{ text_value }}, {{ length }}) || '...'
        else {{ text_value }}
    end
{%- endmacro %}
