{#
    Columns of a mart's primary key in serving: config.meta.key, else the primary key of its
    contract (of the model or of one column). Empty if neither says.
#}
{% macro serving_key(node) -%}
    {%- set declared = node.config.meta.get('key') -%}
    {%- if declared -%}
        {{ return(declared) }}
    {%- endif -%}
    {%- for constraint in node.constraints if constraint.type == 'primary_key' -%}
        {{ return(constraint.columns) }}
    {%- endfor -%}
    {%- for column in node.columns.values() -%}
        {%- if column.constraints | selectattr('type', 'equalto', 'primary_key') | list -%}
            {{ return([column.name]) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return([]) }}
{%- endmacro %}
