{# The table that dbt built and tested for a mart. #}
{% macro build_relation(node) -%}
    {{ return(api.Relation.create(schema=node.schema, identifier=node.alias)) }}
{%- endmacro %}
