{#
    A query for what is wrong with a watched source, in words, or NULL. It is empty; it lost more than
    var max_source_shrinkage of its rows, where a build reads all of them; or its newest row is older than
    all rows that an incremental build would look at, which an index tells at once.
#}
{% macro source_fault(source, mode, published) -%}
    {%- set share = var('max_source_shrinkage', 0.1) -%}
    select
        case
            when not exists (select from {{ source.relation }})
                and ({{ published_raw_rows(source) }}) > 0
                then format(
                    'is empty, and the published build counted %s rows of it',
                    ({{ published_raw_rows(source) }})
                )
            {%- if source.is_whole or mode != 'incremental' %}
            when (select count(*) from {{ source.relation }})
                < ({{ published_raw_rows(source) }}) * (1 - cast({{ share }} as numeric))
                then format(
                    'has %s rows, and the published build counted %s (max_source_shrinkage is %s)',
                    (select count(*) from {{ source.relation }}),
                    ({{ published_raw_rows(source) }}),
                    {{ sql_text(share) }}
                )
            {%- else %}
            when newest.row_at < watermark.watermark - interval '{{ source.look_back }}'
                then format(
                    'has no row newer than %s, and the published build had seen %s'
                    ' (of its %s rows; the look-back is {{ source.look_back }})',
                    newest.row_at, watermark.watermark, ({{ published_raw_rows(source) }})
                )
            {%- endif %}
        end as fault
    from (
        select max({{ source.column }}) as row_at from {{ source.relation }}
        where {{ source.column }} <= now() at time zone 'UTC'
    ) as newest
    left join {{ serving_relation('publication_watermarks') }} as watermark
        on watermark.build_id = {{ sql_text(published.build_id) }}
        and watermark.source_name = {{ sql_text(source.name) }}
{%- endmacro %}
