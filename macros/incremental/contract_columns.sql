{# Columns of the calling mart as its contract has them: name, data_type, is_text, is_not_null. #}
{% macro contract_columns() -%}
    {%- set key = serving_key(model) -%}
    {%- set columns = [] -%}
    {%- for column in model.columns.values() -%}
        {%- set data_type = api.Column.translate_type(column.data_type) -%}
        {%- set is_not_null = column.name in key
            or column.constraints | selectattr('type', 'equalto', 'not_null') | list | length > 0 -%}
        {%- do columns.append({
            'name': column.name,
            'data_type': data_type,
            'is_text': data_type | lower == 'text',
            'is_not_null': is_not_null,
        }) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
