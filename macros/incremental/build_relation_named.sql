{# An object of the build schema that is not a model. #}
{% macro build_relation_named(name) -%}
    {{ return(api.Relation.create(schema=var('build_schema'), identifier=name)) }}
{%- endmacro %}
