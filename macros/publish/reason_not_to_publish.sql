{#
    Why this build must not reach readers, or nothing if it may. A build counts only when it made
    every mart from all rows and ran every data test, and none failed; one of changes leaves out what
    hangs on none of them. (Unit tests check the code and not the rows; leaving them out, as dbt
    advises for production, is no obstacle.)
#}
{% macro reason_not_to_publish(results, nodes) -%}
    {%- if flags.EMPTY -%}
        {{ return('this was a build without rows (--empty)') }}
    {%- elif invocation_args_dict.get('sample') -%}
        {{ return('this was a build of some rows (--sample)') }}
    {%- elif not nodes -%}
        {{ return('this project has no public mart that is built as a table') }}
    {%- endif -%}

    {%- set failed = [] -%}
    {%- set ran = [] -%}
    {%- if leaves_the_rest() -%}
        {%- for node in graph.nodes.values() if node.unique_id not in selected_resources -%}
            {%- do ran.append(node.unique_id) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for result in results -%}
        {%- do ran.append(result.node.unique_id) -%}
        {%- if result.status not in ('success', 'pass', 'warn', 'no-op') -%}
            {%- do failed.append(result.node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if failed -%}
        {{ return('not everything passed (' ~ first_names(failed) ~ ')') }}
    {%- endif -%}

    {%- set unbuilt = nodes | rejectattr('unique_id', 'in', ran) | map(attribute='name') | list -%}
    {%- if unbuilt -%}
        {{ return('this was a build of some marts only (without ' ~ first_names(unbuilt) ~ ')') }}
    {%- endif -%}

    {#- Tests of a source system that is switched off stay in the graph, disabled. -#}
    {%- set untested = graph.nodes.values()
        | selectattr('resource_type', 'equalto', 'test') | selectattr('config.enabled')
        | rejectattr('unique_id', 'in', ran) | map(attribute='name') | list -%}
    {%- if untested -%}
        {{ return('some data tests did not run (' ~ first_names(untested) ~ ')') }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}
