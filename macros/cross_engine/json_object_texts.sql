{#
    A FROM item with one row per member of a JSON object: key_name and text_value, which is the
    string, or the JSON text of any other value. No rows for NULL. The value must be an object.
#}
{% macro json_object_texts(json) -%}
    {{ return(adapter.dispatch('json_object_texts')(json)) }}
{%- endmacro %}

{% macro postgres__json_object_texts(json) -%}
    lateral (
        select
            member.key as key_name,
            case jsonb_typeof(member.value)
                when 'string' then member.value #>> '{}'
                else cast(member.value as text)
            end as text_value
        from jsonb_each({{ json }}) as member
    )
{%- endmacro %}
