{# How a landed row of a source is named among requests: columns of a query for it. #}
{% macro landed_request_key(source) -%}
    {%- set key = source_key(source.name) -%}
    {%- set id = 'cast(' ~ key.column ~ ' as text)' -%}
    {{ sql_text(source.system) }} collate "C" as source_system,
        '{{ 'chain' if source.table == 'llm_chain' else 'call' }}' collate "C" as request_kind,
        {{ 'lower(' ~ id ~ ')' if source.system == 'kaapi' else id }} collate "C" as request_id
{%- endmacro %}
