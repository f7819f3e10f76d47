{# Columns of a mart's serving table: the built ones, with the contract's not-nulls and key. #}
{% macro serving_columns(node) -%}
    {%- set key = serving_key(node) -%}
    {%- set columns = [] -%}
    {%- for column in existing_columns(build_relation(node)) -%}
        {%- set declared = node.columns.get(column.name, {}).get('constraints', []) -%}
        {%- if column.name in key or declared | selectattr('type', 'equalto', 'not_null') | list -%}
            {%- do column.update({'is_not_null': true}) -%}
        {%- endif -%}
        {%- do columns.append(column) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
