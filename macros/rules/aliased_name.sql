{# The name that a rule of model_aliases makes of one it speaks of. #}
{% macro aliased_name(name, kind, text_value, replacement) -%}
    case {{ kind }}
        when 'exact' then coalesce({{ replacement }}, '')
        when 'prefix'
            then
                coalesce({{ replacement }}, '')
                || right({{ name }}, length({{ name }}) - length({{ text_value }}))
        when 'pattern'
            then {{ pattern_replaced(name, text_value, "coalesce(" ~ replacement ~ ", '')") }}
    end
{%- endmacro %}
