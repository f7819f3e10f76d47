{# The first thing that forbids to publish these marts as they are declared, or nothing. #}
{% macro reason_marts_cannot_be_served(marts) -%}
    {%- set reserved = publication_table_names()
        + [
            'publication', 'publication_comparisons', 'publication_watermarks',
            'publication_landed_rows', 'publication_raw_day_digests', 'readable_tenants',
        ] -%}
    {%- for mart in marts -%}
        {%- if mart.name in reserved -%}
            {{ return('publishing itself takes the name ' ~ mart.name ~ '; rename the mart') }}
        {%- elif mart.is_foreign -%}
            {{ return(
                mart.serving ~ ' exists and was not published from here; '
                ~ 'move it away, or set the var serving_schema to a schema of its own'
            ) }}
        {%- elif mart.name.startswith('fct_') and not mart.is_tenant_scoped -%}
            {{ return(
                mart.name ~ ' has no source_system and organization_id, so nobody could be kept '
                ~ 'from other tenants\' rows; add both columns'
            ) }}
        {%- elif mart.attachments and not mart.has_same_columns -%}
            {{ return(
                'the columns of ' ~ mart.name ~ ' changed, but these use its published table: '
                ~ mart.attachments | join(', ') ~ '; drop them, run dbt build, create them again'
            ) }}
        {%- endif -%}
        {%- set names = mart.columns | map(attribute='name') | list -%}
        {%- for index in mart.indexes -%}
            {%- for column in index.columns + index.include if column not in names -%}
                {{ return(
                    'an index or key of ' ~ mart.name ~ ' names the column ' ~ column
                    ~ ', which the mart does not have; correct config.meta'
                ) }}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}

    {%- for gone in vanished_mart_names(marts) -%}
        {%- set attachments = foreign_attachments(serving_relation(gone), gone) -%}
        {%- if attachments -%}
            {{ return(
                gone ~ ' is no mart of this project any more, but these use its published table: '
                ~ attachments | join(', ') ~ '; drop them and run dbt build'
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}
