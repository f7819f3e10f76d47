{#
    Columns that the serving copy of fct_daily_usage and its successor both have; none if there is
    no copy, or one that lacks a column by which usage is compared.
#}
{% macro served_usage_columns(daily) -%}
    {%- if not daily.is_published -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set served = existing_columns(daily.serving) | map(attribute='name') | list -%}
    {%- for name in [
        'source_system', 'organization_id', 'project_id', 'day', 'provider', 'model', 'requests',
        'total_tokens', 'cost_usd',
    ] if name not in served -%}
        {{ return([]) }}
    {%- endfor -%}
    {{ return(daily.columns | map(attribute='name') | select('in', served) | list) }}
{%- endmacro %}
