{#
    The on-run-end hook: copies the marts of a build that passed into the serving schema, all in one
    transaction, so that readers see this build or the one before and nothing between.

    The hook answers with one SQL script that dbt runs as a single statement list. What the script
    needs to know is read beforehand in the same transaction, which the script's last line commits.
#}
{% macro publish_build(results) -%}
    {%- if not execute or flags.WHICH != 'build' -%}
        {{ return('') }}
    {%- endif -%}
    {{ return(adapter.dispatch('publish_build', 'usage_warehouse')(results)) }}
{%- endmacro %}

{# Only Postgres serves readers: another engine builds marts and leaves them where they are. #}
{% macro default__publish_build(results) -%}
    {{ return('') }}
{%- endmacro %}

{% macro postgres__publish_build(results) -%}
    {%- set nodes = mart_nodes() -%}
    {%- set reason = reason_not_to_publish(results, nodes) -%}
    {%- if reason -%}
        {%- do log(
            'Not published: ' ~ reason ~ '. Readers stay on the previous build.', info=true
        ) -%}
        {{ return('') }}
    {%- endif -%}

    {%- set refusal = begin_publication(nodes) or reason_access_is_impossible() -%}
    {%- if refusal -%}
        {{ return(refuse_publication(refusal)) }}
    {%- endif -%}

    {%- set marts = serving_marts(nodes) -%}
    {%- set refusal = reason_marts_cannot_be_served(marts) -%}
    {{ return(refuse_publication(refusal) if refusal else publication_script(marts)) }}
{%- endmacro %}
