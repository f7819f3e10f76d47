{# SQL that is true where a published row of a mart belongs to a slice of slice_relation. #}
{% macro slice_of_row(node) -%}
    {%- set keys = {
        'request': ['source_system', 'request_kind', 'request_id'],
        'day': ['source_system', 'organization_id', 'day'],
        'month': ['source_system', 'organization_id', 'month'],
        'session': ['source_system', 'organization_id', 'project_id', 'session_id'],
    }[node.config.meta.rebuilt_by] -%}
    {%- for key in keys -%}
        {%- if key == 'day' and 'hour' in node.columns %}
        cast(date_trunc('day', published.hour) as date) = slice.day
        {%- else %}
        published.{{ key }} = slice.{{ key }}
        {%- endif %}
        {%- if not loop.last %} and {% endif %}
    {%- endfor %}
{%- endmacro %}
