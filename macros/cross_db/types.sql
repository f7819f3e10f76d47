{#
    The type of an instant, as contracts and casts name it: the var instant_type. What Postgres calls
    timestamptz is Spark's timestamp; Postgres's own timestamp is a time of no zone.
#}
{% macro instant_type() -%}
    {{ return(var('instant_type', 'timestamptz')) }}
{%- endmacro %}

{# An instant whose UTC time is spelled out, such as 0001-01-01 00:00:00. #}
{% macro instant_at(utc_time) -%}
    cast('{{ utc_time }}+00:00' as {{ instant_type() }})
{%- endmacro %}

{# The zone of the times that a source system writes without one: the var <system>_time_zone. #}
{% macro source_time_zone(source_system) -%}
    {{ return(var(source_system ~ '_time_zone', 'UTC')) }}
{%- endmacro %}
