{# The tables in the serving schema, other than marts, whose rows belong to tenants. #}
{% macro publication_table_names() -%}
    {{ return([
        'publication_sources', 'publication_changes', 'publication_activity', 'publication_raw_totals',
    ]) }}
{%- endmacro %}
