{# Whether this build makes only slices of a mart. #}
{% macro is_built_in_slices(node) -%}
    {%- set rule = node.config.meta.get('rebuilt_by') -%}
    {%- if rule not in ('request', 'day', 'landed_day', 'month', 'session', 'whole') -%}
        {{ exceptions.raise_compiler_error(
            'config.meta.rebuilt_by of the mart ' ~ node.name ~ ' is ' ~ (rule or 'missing')
            ~ '; say request, day, landed_day, month, session or whole'
        ) }}
    {%- endif -%}
    {{ return(rule != 'whole' and builds_slices()) }}
{%- endmacro %}
