{#
    Provider name without one trailing `-native`, for the audit of the marts; NULL and the empty text
    are no provider that has a price.
#}
{% macro audited_provider(column) -%}
    case right({{ column }}, 7)
        when '-native' then left({{ column }}, length({{ column }}) - 7)
        else {{ column }}
    end
{%- endmacro %}
