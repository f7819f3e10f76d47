{# Whether a rule of model_aliases speaks of a name in small letters. #}
{% macro alias_fits(name, kind, text_value) -%}
    case {{ kind }}
        when 'exact' then {{ name }} = {{ text_value }}
        when 'prefix' then left({{ name }}, length({{ text_value }})) = {{ text_value }}
        when 'pattern' then {{ matches_pattern(name, text_value) }}
    end
{%- endmacro %}
