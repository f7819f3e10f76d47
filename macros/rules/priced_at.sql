{# The instant whose prices a request has; one without a readable time has those that hold at last. #}
{% macro priced_at(request) -%}
    coalesce({{ request }}.requested_at, cast('9999-12-31 23:59:59.999999' as timestamp))
{%- endmacro %}
