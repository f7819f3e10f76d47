{#
    Data tests look at the rows that this build made. Those of the slices that it left alone passed
    when they were made, and are what they were. Of a mart that it left alone they look at all: the other
    side of the test may have changed.
#}
{% macro get_where_subquery(relation) -%}
    {%- set scanned = [relation] -%}
    {%- if execute and target.type == 'postgres' and relation.schema == var('build_schema') -%}
        {%- for node in mart_nodes() if node.alias == relation.identifier -%}
            {%- if is_built_in_slices(node) and not stands(node) -%}
                {%- do scanned.append(build_relation_named(node.alias ~ '__rows')) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(dbt.get_where_subquery(scanned | last)) }}
{%- endmacro %}
