{#
    Whether a name in small letters is one that a rule of the list of prices speaks of: the rule's
    kind says how its text is compared.
#}
{% macro name_fits(name, kind, text_value) -%}
    case {{ kind }}
        when 'equals' then {{ name }} = {{ text_value }}
        when 'starts_with' then left({{ name }}, length({{ text_value }})) = {{ text_value }}
        when 'ends_with' then right({{ name }}, length({{ text_value }})) = {{ text_value }}
        when 'contains' then position({{ text_value }} in {{ name }}) > 0
        when 'regex' then {{ matches_pattern(name, text_value) }}
    end
{%- endmacro %}

{# Whether a rule of model_aliases speaks of a name in small letters. #}
{% macro alias_fits(name, kind, text_value) -%}
    case {{ kind }}
        when 'exact' then {{ name }} = {{ text_value }}
        when 'prefix' then left({{ name }}, length({{ text_value }})) = {{ text_value }}
        when 'pattern' then {{ matches_pattern(name, text_value) }}
    end
{%- endmacro %}

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
