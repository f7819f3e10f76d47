{# Keeps what the newest builds changed (var publish_kept_changes): clients resume after those. #}
{% macro forget_old_changes() -%}
    delete from {{ serving_relation('publication_comparisons') }} as comparison
    using (
        select
            publication.build_id,
            row_number() over (order by publication.published_at desc) as age
        from {{ serving_relation('publication') }} as publication
    ) as build
    where comparison.build_id = build.build_id
        and build.age > {{ var('publish_kept_changes', 50) }};
{%- endmacro %}
