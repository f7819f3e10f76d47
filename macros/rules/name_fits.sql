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
