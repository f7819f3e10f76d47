{#
    Data tests look at the rows that this build made. Those of the slices that it left alone passed
    when they were made, and are what they were. Audits are looked at where they were written down.
#}
{% macro get_where_subquery(relation) -%}
    {%- set scanned = [relation] -%}
    {%- if execute and target.type == 'postgres' -%}
        {%- for node in graph.nodes.values()
            if node.resource_type == 'model' and node.alias == relation.identifier -%}
            {%- if node.config.materialized == 'slices' -%}
                {%- do scanned.append(rebuilt_rows(node.alias)) -%}
            {%- elif node.config.materialized == 'audit' -%}
                {%- do scanned.append(audited_relation(node.alias)) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(dbt.get_where_subquery(scanned | last)) }}
{%- endmacro %}
