{#
    The on-run-start hook of a build: decides how this build reads raw rows, refuses to run beside
    another one, and points the reading views at what shall be read.

    A build is a function of what is published and of the raw rows, never of what an earlier build
    left in the build schema: whatever broke one build, the next is right again.
#}
{% macro begin_build() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%}
        {{ return('') }}
    {%- endif -%}
    {{ return(adapter.dispatch('begin_build', 'usage_warehouse')()) }}
{%- endmacro %}

{# Another engine builds whole marts from all rows; publishing is not its task. #}
{% macro default__begin_build() -%}
    {{ return('') }}
{%- endmacro %}

{% macro postgres__begin_build() -%}
    {%- do run_query('create schema if not exists ' ~ adapter.quote(var('build_schema'))) -%}
    {%- set refusal = reason_not_to_begin() -%}
    {%- if refusal -%}
        {{ exceptions.raise_compiler_error(refusal) }}
    {%- endif -%}
    {%- set published = newest_publication() -%}
    {%- set reason = reason_to_build_all(published) -%}
    {%- if leaves_the_rest() -%}
        {%- set reason = reason or reason_to_make_the_rest(published) -%}
        {%- if reason -%}
            {{ exceptions.raise_compiler_error(
                'The changes alone cannot be built: ' ~ reason ~ '. Nothing was built; run '
                ~ 'usage-warehouse build --full-refresh.'
            ) }}
        {%- endif -%}
    {%- endif -%}
    {%- set mode = 'full' if reason else ('reconcile' if var('reconcile', false) else 'incremental') -%}
    {%- set refusal = reason_to_refuse_sources(mode, published) -%}
    {%- if refusal -%}
        {{ exceptions.raise_compiler_error(refusal) }}
    {%- endif -%}
    {%- do log(
        'Building ' ~ {
            'full': 'all marts from all raw rows: ' ~ reason,
            'reconcile': 'what differs between all raw rows and what readers see',
            'incremental': 'what raw rows changed since the build that readers see',
        }[mode],
        info=true
    ) -%}
    {{ return(build_plan_script(mode, published)) }}
{%- endmacro %}
