{# Where the slices of a mart stand that this build makes anew: see config.meta.rebuilt_by. #}
{% macro slice_relation(node) -%}
    {%- set rule = node.config.meta.rebuilt_by -%}
    {%- if rule == 'request' -%}
        {{ return(replaced_rows(node.alias)) }}
    {%- elif rule in ('day', 'month', 'session') -%}
        {{ return(build_relation_named('int_rebuilt_' ~ rule ~ 's')) }}
    {%- endif -%}
    {{ exceptions.raise_compiler_error(
        node.name ~ ' is built in slices, but its config.meta.rebuilt_by is '
        ~ (rule or 'missing') ~ '; say request, day, month or session'
    ) }}
{%- endmacro %}
