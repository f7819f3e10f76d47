{# Types of the columns of the model that the calling generic test is attached to, by name. #}
{% macro contracted_types() -%}
    {%- set types = {} -%}
    {%- if execute -%}
        {%- for column in graph.nodes[model.attached_node].columns.values() -%}
            {%- do types.update({column.name: api.Column.translate_type(column.data_type)}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(types) }}
{%- endmacro %}
