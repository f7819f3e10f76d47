{#
    The steps of a publication, in the order that keeps readers waiting least: everything slow is
    done on tables nobody reads yet, and the locks that make readers wait come last. A build of
    slices makes nobody wait: it only takes rows away and adds rows.
#}
{% macro publication_script(marts) -%}
    {{ ensure_access_objects() }}
    {{ ensure_publication_tables() }}
    {{ ensure_change_tables() }}
    {{ record_changes(marts) }}
    {%- if builds_slices() %}
    {{ publish_slices(marts) }}
    {%- else %}
    {{ publish_whole_marts(marts) }}
    {%- endif %}
    {{ record_publication(marts) }}
    {{ end_build(marts) }}
    commit;
{%- endmacro %}
