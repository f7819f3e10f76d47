{#
    A table of the published build that a model knows of, as an arrow from the left in the graph; what
    the model reads of it is up to its macros, as a first build finds none. Unit tests know none.
#}
{% macro published(name) -%}
    {{ return('' if model.resource_type == 'unit_test' else source('published', name)) }}
{%- endmacro %}

{# The build that readers see (build_id, project_fingerprint), or nothing. #}
{% macro newest_publication() -%}
    {%- set publication = serving_relation('publication') -%}
    {%- set columns = existing_columns(publication) | map(attribute='name') | list -%}
    {%- if 'project_fingerprint' not in columns -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set found = run_query(
        'select build_id, project_fingerprint from ' ~ publication
        ~ ' order by published_at desc limit 1'
    ).rows -%}
    {{ return(found[0] if found else none) }}
{%- endmacro %}

{#
    A query for how many rows of a tracked source the published build counted, of the days after `since`
    (SQL; none: of all days): what its audit counted, which knows the rows that are in no mart, too, or
    what a mart of its own has of them: see config.meta.counted_in of the source.
#}
{% macro published_raw_rows(source, since=none) -%}
    {%- set is_later = 'coalesce(day > ' ~ since ~ ', true)' if since else 'true' -%}
    {%- set mart, column = (source.counted_in.split('.') + [none])[:2] -%}
    {%- if mart == 'audit' -%}
    select coalesce(sum({{ column }}), 0)
    from {{ serving_relation('publication_raw_totals') }}
    where source_system = {{ sql_text(source.system) }} and {{ is_later }}
    {%- elif column -%}
    select coalesce(sum({{ column }}), 0) from {{ serving_relation(mart) }}
    where not is_archived and {{ is_later }}
    {%- else -%}
    select count(*) from {{ serving_relation(mart) }}
    {%- endif -%}
{%- endmacro %}

{#
    Until when what readers see is complete: the start of the newest published build. Null
    where nothing is published.
#}
{% macro published_until() -%}
    {{ return(adapter.dispatch('published_until', 'usage_warehouse')()) }}
{%- endmacro %}

{% macro postgres__published_until() -%}
    {%- set publication = serving_relation('publication') -%}
    {%- if execute and run_query(
        'select to_regclass(' ~ sql_text(publication) ~ ') is not null'
    ).rows[0][0] -%}
        (select max(build_started_at) from {{ publication }})
    {%- else -%}
        cast(null as {{ instant_type() }})
    {%- endif -%}
{%- endmacro %}

{# An object of the build schema that is not a model. #}
{% macro build_relation_named(name) -%}
    {{ return(api.Relation.create(schema=warehouse_schema('build'), identifier=name)) }}
{%- endmacro %}

{# Where an incremental build keeps the raw rows it looks at, so that all of it sees the same ones. #}
{% macro extracted_relation(source_name) -%}
    {{ return(build_relation_named('extracted_' ~ source_name)) }}
{%- endmacro %}

{# A name for what this build replaces but other relations still read; end_build drops all such. #}
{% macro outdated_name(kind) -%}
    {%- set digest = local_md5(invocation_id ~ range(100000) | random)[:12] -%}
    {{ return(adapter.quote('outdated_' ~ kind ~ '_' ~ digest)) }}
{%- endmacro %}
