{# Whether this build makes only the rows that differ from what is published. #}
{% macro builds_slices() -%}
    {{ return(build_mode() in ('incremental', 'reconcile')) }}
{%- endmacro %}
