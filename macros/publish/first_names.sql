{# A list for a one-line message: the first three names, and how many more there are. #}
{% macro first_names(names) -%}
    {%- set shown = names[:3] | join(', ') -%}
    {{ return(shown if names | length <= 3 else shown ~ ' and ' ~ (names | length - 3) ~ ' more') }}
{%- endmacro %}
