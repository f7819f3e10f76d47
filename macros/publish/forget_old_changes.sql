{# Keeps what the newest builds changed (var publish_kept_changes): clients resume after those. #}
{% macro forget_old_changes() -%}
    delete from {{ serving_relation('publication_comparisons') }}
    where build_id not in (
        select publication.build_id
        from {{ serving_relation('publication') }} as publication
        order by publication.published_at desc
        limit {{ var('publish_kept_changes', 50) }}
    );
{%- endmacro %}
