{# Where the slices of a mart stand that this build makes anew: see config.meta.rebuilt_by. #}
{% macro slice_relation(node) -%}
    {%- set rule = node.config.meta.rebuilt_by -%}
    {{ return(
        replaced_rows(node.alias) if rule == 'request'
        else build_relation_named('landed_days') if rule == 'landed_day'
        else build_relation_named('int_rebuilt_' ~ rule ~ 's')
    ) }}
{%- endmacro %}
