{# The columns that name a slice of each kind, the one that names it within its tenant last. #}
{% macro slice_keys(rule) -%}
    {{ return({
        'request': ['source_system', 'request_kind', 'request_id'],
        'landed_day': ['source_system', 'day'],
        'day': ['source_system', 'organization_id', 'day'],
        'month': ['source_system', 'organization_id', 'month'],
        'session': ['source_system', 'organization_id', 'project_id', 'session_id'],
    }[rule]) }}
{%- endmacro %}
