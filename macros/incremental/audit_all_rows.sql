{# After a build that read all raw rows: what they add up to. #}
{% macro audit_all_rows() -%}
    {%- if not execute or build_mode() == 'incremental' -%}
        {{ return('') }}
    {%- endif -%}
    {{ audit_raw_rows() }}
{%- endmacro %}
