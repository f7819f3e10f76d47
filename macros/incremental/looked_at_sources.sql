{# The watched sources in which an incremental build looks for changed requests. #}
{% macro looked_at_sources() -%}
    {%- set looked_at = [] -%}
    {%- for source in watched_sources()
        if not source.is_whole and not is_left_unread(source, build_mode()) -%}
        {%- do looked_at.append(source) -%}
    {%- endfor -%}
    {{ return(looked_at) }}
{%- endmacro %}
