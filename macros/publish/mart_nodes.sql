{# The models that are published: every enabled public mart of the materialization `mart`, by name. #}
{% macro mart_nodes() -%}
    {%- set marts = [] -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id') -%}
        {%- if node.resource_type == 'model'
            and node.access == 'public'
            and node.config.materialized == 'mart'
            and 'marts' in node.fqn[:-1] -%}
            {%- do marts.append(node) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(marts) }}
{%- endmacro %}
