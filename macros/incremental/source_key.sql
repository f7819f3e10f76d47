{#
    The key column of a watched source and its type in the database: request_id is the key as text.
#}
{% macro source_key(source_name) -%}
    {%- set column = {
        'kaapi__llm_call': 'id',
        'kaapi__llm_chain': 'id',
        'litellm__spend_logs': 'request_id',
        'auto_analyst__model_usage': 'usage_id',
        'enclava__usage_tracking': 'id',
    }[source_name] -%}
    {%- set types = [] -%}
    {%- for existing in existing_columns(source_relation(source_name)) -%}
        {%- if existing.name == column -%}
            {%- do types.append(existing.data_type) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return({'column': column, 'type': types | first}) }}
{%- endmacro %}
