{#
    A FROM item with one row and the column json_object: the JSON object under the first of the keys
    that has one, else NULL. The column may hold any JSON value; of one that is a string, what the
    string spells is read. The row is made once, however often it is used: large values cost time.
#}
{% macro json_first_object(json, keys) -%}
    {{ return(adapter.dispatch('json_first_object')(json, keys)) }}
{%- endmacro %}

{# LIMIT ALL keeps Postgres from writing an expression out at each place that uses it. #}
{% macro postgres__json_first_object(json, keys) -%}
    lateral (
        select
            case
                {%- for key in keys %}
                when jsonb_typeof(document.json_value -> '{{ key }}') = 'object'
                    then document.json_value -> '{{ key }}'
                {%- endfor %}
            end as json_object
        from (
            select
                case
                    when jsonb_typeof({{ json }}) = 'string'
                        then {{ readable_json(json ~ " #>> '{}'", 'object') }}
                    else {{ json }}
                end as json_value
            limit all
        ) as document
        limit all
    )
{%- endmacro %}
