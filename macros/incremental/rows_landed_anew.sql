{# Landed rows of a source that the published build did not count, or not as they are now. #}
{% macro rows_landed_anew(source) -%}
    select landed.*
    from {{ landed_relation(source.name) }} as landed
    where not exists (
        select from {{ serving_relation('publication_landed_rows') }} as remembered
        where remembered.source_name = {{ sql_text(source.name) }}
            and remembered.row_digest = {{ row_digest('landed') }}
    )
{%- endmacro %}
