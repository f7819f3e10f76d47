{# Whether this build leaves a mart alone: none of the raw tables changed that it hangs on. #}
{% macro stands(node) -%}
    {{ return(leaves_the_rest() and node.unique_id not in selected_resources) }}
{%- endmacro %}
