{#
    A part of a request's tokens as it was priced, after cutting what claims more than the whole: NULL
    where the source says nothing of it. `left` is what token_parts leaves of it.
#}
{% macro priced_tokens(column, left) -%}
    case when {{ column }} is not null then {{ left }} end as {{ column }}
{%- endmacro %}
