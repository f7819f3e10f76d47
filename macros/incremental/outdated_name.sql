{# A name for what this build replaces but other relations still read; end_build drops all such. #}
{% macro outdated_name(kind) -%}
    {%- set digest = local_md5(invocation_id ~ range(100000) | random)[:12] -%}
    {{ return(adapter.quote('outdated_' ~ kind ~ '_' ~ digest)) }}
{%- endmacro %}
