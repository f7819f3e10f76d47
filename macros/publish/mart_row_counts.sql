{# How many rows each published mart has, as a JSON object: counted, or carried on by the difference. #}
{% macro mart_row_counts(marts) -%}
    {%- if builds_slices() %}
        select jsonb_object_agg(
            delta.mart_name,
            delta.rows_added + cast(newest.mart_row_counts ->> delta.mart_name as bigint)
        )
        from (
            select mart_name, sum(rows_added) as rows_added
            from publication_deltas
            group by mart_name
        ) as delta
        cross join (
            select earlier.mart_row_counts from {{ serving_relation('publication') }} as earlier
            order by earlier.published_at desc
            limit 1
        ) as newest
    {%- else %}
        select jsonb_object_agg(mart.mart_name, mart.row_count)
        from (
            {%- for mart in marts %}
            select {{ sql_text(mart.name) }} as mart_name, count(*) as row_count
            from {{ mart.serving }}
            {%- if not loop.last %} union all{% endif %}
            {%- endfor %}
        ) as mart
    {%- endif %}
{%- endmacro %}
