{#
    How this build reads raw rows: full, reconcile or incremental. `dbt test` and `dbt compile` see
    the plan of the last build. A build that another one has overtaken stops here.
#}
{% macro build_mode() -%}
    {{ return(adapter.dispatch('build_mode', 'usage_warehouse')()) }}
{%- endmacro %}

{% macro default__build_mode() -%}
    {{ return('full') }}
{%- endmacro %}

{% macro postgres__build_mode() -%}
    {%- if not execute or model.resource_type == 'unit_test' -%}
        {{ return('full') }}
    {%- endif -%}
    {%- set plan = build_relation_named('build_plan') -%}
    {%- if flags.WHICH not in ('build', 'run') and not existing_columns(plan) -%}
        {{ return('full') }}
    {%- endif -%}
    {%- set planned = run_query('select build_id, mode from ' ~ plan).rows[0] -%}
    {%- if flags.WHICH in ('build', 'run') and planned.build_id != invocation_id -%}
        {{ exceptions.raise_compiler_error(
            'Another dbt build began while this one ran, and has taken over schema '
            ~ var('build_schema') ~ '. Readers are not affected; run dbt build again when that '
            ~ 'one has finished.'
        ) }}
    {%- endif -%}
    {{ return(planned.mode) }}
{%- endmacro %}
