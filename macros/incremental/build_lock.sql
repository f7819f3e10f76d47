{#
    The number of a lock: `command` is that by which the command line keeps builds apart while one is
    running, `step` that which a build holds in the transactions of its models.
#}
{% macro build_lock(kind) -%}
    {%- set title = {'command': 'build ', 'step': 'step of build '}[kind] -%}
    hashtextextended({{ sql_text(title ~ var('build_schema')) }}, 0)
{%- endmacro %}
