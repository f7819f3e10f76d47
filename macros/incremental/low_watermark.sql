{#
    From when on rows of a watched source are looked at: no rows at last time, all rows now. The instant
    itself, not a query for it: whoever has to guess how many rows come after it reads them all.
#}
{% macro low_watermark(source_name) -%}
    {%- set query -%}
        select to_json(watermark.low_watermark) #>> '{}' as instant
        from {{ build_relation_named('build_watermarks') }} as watermark
        where watermark.source_name = {{ sql_text(source_name) }}
    {%- endset -%}
    {%- set found = run_query(query).rows -%}
    cast({{ sql_text((found[0].instant if found else none) or '-infinity') }} as timestamp)
{%- endmacro %}
