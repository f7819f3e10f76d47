{# Columns of what raw rows add up to, and their types on Postgres. #}
{% macro raw_total_columns() -%}
    {{ return({
        'source_system': 'text collate "C"',
        'organization_id': 'text collate "C"',
        'project_id': 'text collate "C"',
        'day': 'date',
        'is_excluded': 'boolean',
        'requests': 'bigint',
        'llm_call_requests': 'bigint',
        'llm_chain_requests': 'bigint',
        'successful_requests': 'bigint',
        'failed_requests': 'bigint',
        'unpriced_requests': 'bigint',
        'input_tokens': 'bigint',
        'output_tokens': 'bigint',
        'total_tokens': 'bigint',
        'cost_usd': 'numeric(38, 22)',
        'eval_runs': 'bigint',
        'eval_cost_usd': 'numeric(38, 22)',
    }) }}
{%- endmacro %}
