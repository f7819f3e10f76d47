{# Published rows of fct_requests that this build replaces or takes away, as they are published. #}
{% macro replaced_rows(mart) -%}
    {{ return(build_relation_named(mart ~ '__replaced')) }}
{%- endmacro %}
