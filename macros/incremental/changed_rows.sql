{#
    Rows of a mart that differ from what is published, as they are now and as they were. In a full
    build none: it makes everything, whatever changed.
#}
{% macro changed_rows(mart) -%}
    {%- set name = mart.identifier -%}
    {%- if not builds_slices() -%}
    select * from {{ mart }}
    where 1 = 0
    {%- elif is_built_in_slices(mart_nodes() | selectattr('alias', 'equalto', name) | first) -%}
    select * from {{ rebuilt_rows(name) }}
    union all
    select * from {{ replaced_rows(name) }}
    {%- else -%}
    (select * from {{ mart }} except select * from {{ serving_relation(name) }})
    union all
    (select * from {{ serving_relation(name) }} except select * from {{ mart }})
    {%- endif %}
{%- endmacro %}
