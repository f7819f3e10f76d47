{# An object of the serving schema, where BI tools and the API read. #}
{% macro serving_relation(name) -%}
    {{ return(api.Relation.create(schema=var('serving_schema'), identifier=name)) }}
{%- endmacro %}
