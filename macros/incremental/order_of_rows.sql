{#
    In which order the rows of a mart are laid down: that of its first index, by which a tenant's
    question finds them side by side, not each in another block. Requests keep that of their source,
    which is time: sorting so many wide rows costs more than it saves.
#}
{% macro order_of_rows() -%}
    {%- set indexes = serving_indexes(model) -%}
    {%- if indexes and model.config.meta.rebuilt_by != 'request' -%}
        order by {{ column_list(indexes[0].columns) }}
    {%- endif -%}
{%- endmacro %}
