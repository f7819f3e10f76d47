{# Rows of a mart that this build made anew; after a full build, all of them. #}
{% macro rebuilt_rows(mart) -%}
    {{ return(
        build_relation_named(mart ~ '__rows') if builds_slices() else build_relation_named(mart)
    ) }}
{%- endmacro %}
