{#
    A FROM item with one row per element of a JSON array that is a string: text_value, and its
    place in the array from 1 (ordinal). No rows for NULL. The value must be an array.
#}
{% macro json_array_texts(json) -%}
    {{ return(adapter.dispatch('json_array_texts')(json)) }}
{%- endmacro %}

{% macro postgres__json_array_texts(json) -%}
    lateral (
        select
            element.value #>> '{}' as text_value,
            cast(element.ordinal as integer) as ordinal
        from jsonb_array_elements({{ json }}) with ordinality as element (value, ordinal)
        where jsonb_typeof(element.value) = 'string'
    )
{%- endmacro %}
