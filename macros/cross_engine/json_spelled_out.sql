{#
    A JSON value of any kind; of one that is a string, what the string spells if that is an object, else
    NULL.
#}
{% macro json_spelled_out(json) -%}
    {{ return(adapter.dispatch('json_spelled_out')(json)) }}
{%- endmacro %}

{% macro postgres__json_spelled_out(json) -%}
    case
        when jsonb_typeof({{ json }}) = 'string'
            then {{ readable_json(json ~ " #>> '{}'", 'object') }}
        else {{ json }}
    end
{%- endmacro %}
