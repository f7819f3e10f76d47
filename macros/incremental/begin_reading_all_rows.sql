{# Before all raw rows are read: they and their audit shall see one state of the raw tables. #}
{% macro begin_reading_all_rows() -%}
    {{ return(begin_snapshot() if execute and build_mode() != 'incremental' else '') }}
{%- endmacro %}
