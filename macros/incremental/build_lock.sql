{#
    The number of a lock: `command` is that by which the command line keeps builds apart while one is
    running, `step` that which a build holds in the transactions of its models.
#}
{% macro build_lock(kind) -%}
    {%- set titles = {'command': 'build ', 'step': 'step of build '} -%}
    {%- if kind not in titles -%}
        {{ exceptions.raise_compiler_error('build_lock has no kind ' ~ kind ~ '; say command or step') }}
    {%- endif -%}
    hashtextextended({{ sql_text(titles[kind] ~ var('build_schema')) }}, 0)
{%- endmacro %}
