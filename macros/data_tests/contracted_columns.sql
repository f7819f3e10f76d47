{# Called by a generic test, where `model` is the relation, it sees dbt's own: the test's node. #}
{% macro contracted_columns(constraint_type) -%}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- for column in graph.nodes[model.attached_node].columns.values()
            if column.constraints | selectattr('type', 'equalto', constraint_type) | list -%}
            {%- do columns.append(column.name) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(columns) }}
{%- endmacro %}
