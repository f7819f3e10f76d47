{#
    Published rows of a mart that this build replaces or takes away, as they are published: of one built
    by request, or whole.
#}
{% macro replaced_rows(mart) -%}
    {{ return(build_relation_named(mart ~ '__replaced')) }}
{%- endmacro %}
