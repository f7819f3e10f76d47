{#
    An instant that the watermarks of a source tell; before all others where they tell none. The instant
    itself, not a query for it: whoever has to guess how many rows come after it reads them all.
#}
{% macro watermark_instant(instant, source) -%}
    {%- set query -%}
        select to_json({{ instant }}) #>> '{}' as instant
        from {{ build_relation_named('build_watermarks') }} as watermark
        where watermark.source_name = {{ sql_text(source.name) }}
    {%- endset -%}
    {%- set found = run_query(query).rows -%}
    cast({{ sql_text((found[0].instant if found else none) or '-infinity') }} as timestamp)
{%- endmacro %}
