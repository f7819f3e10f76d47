{# From when on rows of a watched source are looked at, as SQL: no rows at last time, all rows now. #}
{% macro low_watermark(source_name) -%}
    coalesce(
        (
            select watermark.low_watermark
            from {{ build_relation_named('build_watermarks') }} as watermark
            where watermark.source_name = {{ sql_text(source_name) }}
        ),
        '-infinity'
    )
{%- endmacro %}
