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
