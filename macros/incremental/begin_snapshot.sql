{# Lets all statements of the calling model's transaction see one state of the raw tables. #}
{% macro begin_snapshot() -%}
    commit;
    begin isolation level repeatable read;
{%- endmacro %}
