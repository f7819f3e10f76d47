{#
    The empty successor of a serving table. Text sorts by code point whatever the database's own
    collation is: the order of every list is defined that way, and clients page by it.
#}
{% macro create_serving_table(mart) -%}
    create table {{ mart.next }} (
        {%- for column in mart.columns %}
        {{ adapter.quote(column.name) }} {{ column.data_type }}
        {%- if column.is_text %} collate "C"{% endif %}
        {%- if column.is_not_null %}
            constraint {{ adapter.quote(column.name ~ "_is_not_null") }} not null
        {%- endif %}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    );
{%- endmacro %}
