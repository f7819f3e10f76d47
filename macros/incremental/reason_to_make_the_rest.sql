{#
    Why a build that need not read all raw rows cannot leave any model alone, or nothing if it can: what
    is not selected has to stand as the publication that readers see has left it.
#}
{% macro reason_to_make_the_rest(published) -%}
    {%- set plan = run_query(
        'select build_id, mode from ' ~ build_relation_named('build_plan')
    ).rows[0] -%}
    {%- if plan.mode != 'published' or plan.build_id != published.build_id -%}
        {{ return('the last build of schema ' ~ var('build_schema') ~ ' was not published') }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}
