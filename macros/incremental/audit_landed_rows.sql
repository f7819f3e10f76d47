{# After the rows of a build of changes were landed: what the raw rows of their days add up to. #}
{% macro audit_landed_rows() -%}
    {%- if not execute or build_mode() != 'incremental' -%}
        {{ return('') }}
    {%- endif -%}
    {{ examine_days() }}
    {{ audit_raw_rows() }}
{%- endmacro %}
