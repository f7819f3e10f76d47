{# Rows of a mart that this build made anew (of one made whole, those that differ); after a full build, all. #}
{% macro rebuilt_rows(mart) -%}
    {{ return(
        build_relation_named(mart ~ '__rows') if builds_slices() else build_relation_named(mart)
    ) }}
{%- endmacro %}
