{#
    Until when what readers see is complete, UTC: the start of the newest published build. Null
    where nothing is published.
#}
{% macro published_until() -%}
    {{ return(adapter.dispatch('published_until')()) }}
{%- endmacro %}

{% macro postgres__published_until() -%}
    {%- set publication = serving_relation('publication') -%}
    {%- if execute and run_query(
        'select to_regclass(' ~ sql_text(publication) ~ ') is not null'
    ).rows[0][0] -%}
        (select cast(max(build_started_at) at time zone 'UTC' as timestamp) from {{ publication }})
    {%- else -%}
        cast(null as timestamp)
    {%- endif -%}
{%- endmacro %}
