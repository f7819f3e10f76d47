{#
    All columns are looked at in one scan that keeps faulty rows only: where there are none, that is
    little more than a test of one column. `model` stands in one from clause, so that dbt may narrow
    it, and each CTE is read once, because Spark computes it anew for every reading.
#}
{% macro faulty_columns(model, columns, fault) -%}
with

faulty_rows as (
    select
        {{ columns | join(',\n        ') }}
    from {{ model }}
    where
        {{ columns | join(' ' ~ fault ~ '\n        or ') }} {{ fault }}
),

counted as (
    select
        {%- for column in columns %}
        count(case when {{ column }} {{ fault }} then 1 end) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from faulty_rows
),

named as (
    select
        looked_at.column_name,
        case looked_at.column_name
            {%- for column in columns %}
            when '{{ column }}' then counted.{{ column }}
            {%- endfor %}
        end as row_count
    from counted
    cross join (
        values
        ('{{ columns | join("'),\n        ('") }}')
    ) as looked_at (column_name)
)

select
    column_name,
    row_count
from named
where row_count > 0
{%- endmacro %}
