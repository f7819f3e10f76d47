{#
    A query for the columns of the calling model's contract, without rows: what a mart holds when no
    enabled source system has anything for it. Readers then find an empty mart, not a missing one.
#}
{% macro select_no_rows() -%}
    select
        {%- for column in model.columns.values() %}
        cast(null as {{ api.Column.translate_type(column.data_type) }}) as {{ column.name }}
        {%- if not loop.last %},{% endif %}
        {%- else %}
        cast(null as boolean) as nothing
        {%- endfor %}
    where 1 = 0
{%- endmacro %}
