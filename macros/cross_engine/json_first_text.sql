{#
    The first element of a JSON array when it is a non-empty JSON string, as text. Anything else is
    NULL, a bare JSON string included: Postgres would take that for an array of one element.
#}
{% macro json_first_text(json) -%}
    {{ return(adapter.dispatch('json_first_text')(json)) }}
{%- endmacro %}

{% macro postgres__json_first_text(json) -%}
    case
        when jsonb_typeof({{ json }}) = 'array' and jsonb_typeof({{ json }} -> 0) = 'string'
            then nullif({{ json }} ->> 0, '')
    end
{%- endmacro %}
