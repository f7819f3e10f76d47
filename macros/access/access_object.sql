{# The SQL name of an object in the access schema, which no reader may look into. #}
{% macro access_object(name) -%}
    {{ return(adapter.quote(var('access_schema')) ~ '.' ~ adapter.quote(name)) }}
{%- endmacro %}
