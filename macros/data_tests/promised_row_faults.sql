{#
    Called by a generic test, where `model` is the relation, it sees dbt's own: the test's node.
    While dbt only parses, columns are not known yet.
#}
{% macro promised_row_faults() -%}
    {%- set faults = [] -%}
    {%- if execute -%}
        {%- for column in graph.nodes[model.attached_node].columns.values() -%}
            {%- if column.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
                {%- do faults.extend(named_row_faults(not_null=[column.name])) -%}
            {%- endif -%}
            {%- set accepted = [] -%}
            {%- for value in column.config.meta.accepted_values or [] -%}
                {%- do accepted.append(sql_text(value)) -%}
            {%- endfor -%}
            {%- if accepted -%}
                {%- do faults.append({
                    'name': column.name ~ ' is none of the accepted values',
                    'condition': column.name ~ ' not in (' ~ accepted | join(', ') ~ ')',
                }) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(faults) }}
{%- endmacro %}
