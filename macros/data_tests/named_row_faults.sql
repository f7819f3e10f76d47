{# What a row can be guilty of, as a list of {name, condition}; the condition is true of such rows. #}
{% macro named_row_faults(not_null=[], not_negative=[], rules={}) -%}
    {%- set faults = [] -%}
    {%- for column in not_null -%}
        {%- do faults.append({'name': column ~ ' is null', 'condition': column ~ ' is null'}) -%}
    {%- endfor -%}
    {%- for column in not_negative -%}
        {%- do faults.append({'name': column ~ ' is negative', 'condition': column ~ ' < 0'}) -%}
    {%- endfor -%}
    {%- for name, rule in rules.items() -%}
        {%- do faults.append({
            'name': 'not ' ~ name, 'condition': 'not coalesce(' ~ rule | trim ~ ', false)'
        }) -%}
    {%- endfor -%}
    {{ return(faults) }}
{%- endmacro %}
