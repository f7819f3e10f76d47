{#
    An empty table for the rows of a mart, as its contract and its readers want it. Text sorts by
    code point whatever the database's own collation is.
#}
{% macro create_mart_table(relation, columns, kind='') -%}
    create {{ kind }} table {{ relation }} (
        {%- for column in columns %}
        {{ adapter.quote(column.name) }} {{ column.data_type }}
        {%- if column.is_text %} collate "C"{% endif %}
        {%- if column.is_not_null %}
            constraint {{ adapter.quote(column.name ~ "_is_not_null") }} not null
        {%- endif %}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    );
{%- endmacro %}
