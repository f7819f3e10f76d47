{#
    The usual text of a UUID (lower case, hyphens), from any spelling the database reads as a UUID.
    Text that is none gives NULL instead of an error.
#}
{% macro uuid_text(text_value) -%}
    {{ return(adapter.dispatch('uuid_text')(text_value)) }}
{%- endmacro %}

{% macro postgres__uuid_text(text_value) -%}
    case
        when {{ text_value }} ~* '^([0-9a-f]{4}-?){7}[0-9a-f]{4}$'
            or {{ text_value }} ~* '^[{]([0-9a-f]{4}-?){7}[0-9a-f]{4}[}]$'
            then cast(cast({{ text_value }} as uuid) as text)
    end
{%- endmacro %}
