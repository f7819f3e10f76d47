{# SQL that is true where a published row of a mart belongs to a slice of slice_relation. #}
{% macro slice_of_row(node) -%}
    {%- for key in slice_keys(node.config.meta.rebuilt_by) -%}
        {%- if key == 'day' and 'hour' in node.columns %}
        cast(date_trunc('day', published.hour) as date) = slice.day
        {%- elif key == 'day' and node.config.meta.rebuilt_by == 'landed_day' %}
        coalesce(published.day, 'infinity') = coalesce(slice.day, 'infinity')
        {%- else %}
        published.{{ key }} = slice.{{ key }}
        {%- endif %}
        {%- if not loop.last %} and {% endif %}
    {%- endfor %}
{%- endmacro %}
