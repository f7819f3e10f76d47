{# The rows of a mart that this build made and tested. #}
{% macro made_rows(mart) -%}
    {{ return(
        build_relation_named(mart.name ~ '__rows') if is_built_in_slices(mart.node) else mart.build
    ) }}
{%- endmacro %}
