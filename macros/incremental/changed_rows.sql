{#
    Rows of a mart that differ from what is published, as they are now and as they were. In a full
    build none: it makes everything, whatever changed. Of a mart that this build leaves alone none.
#}
{% macro changed_rows(mart) -%}
    {%- set name = mart.identifier -%}
    {%- set node = mart_nodes() | selectattr('alias', 'equalto', name) | first if execute -%}
    {%- if not builds_slices() or stands(node) -%}
    select * from {{ mart }}
    where 1 = 0
    {%- else -%}
    select * from {{ rebuilt_rows(name) }}
    union all
    select * from {{ replaced_rows(name) }}
    {%- endif %}
{%- endmacro %}
