{# The published rows of a mart whose place the rows of this build take. #}
{% macro published_slices(mart) -%}
    {%- if not is_built_in_slices(mart.node) -%}
        {{ return(mart.serving) }}
    {%- endif -%}
    {%- set slices -%}
        (
            select published.*
            from {{ slice_relation(mart.node) }} as slice
            inner join {{ mart.serving }} as published on {{ slice_of_row(mart.node) }}
        ) as published
    {%- endset -%}
    {{ return(slices) }}
{%- endmacro %}
