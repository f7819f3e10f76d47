{#
    All faults are looked for in one scan that keeps faulty rows only: where there are none, that is
    little more than looking for one. `model` stands in one from clause, so that dbt may narrow it,
    and each CTE is read once, because Spark computes it anew for every reading.
#}
{% macro rows_at_fault(model, faults) -%}
    {%- if execute and not faults -%}
        {{ exceptions.raise_compiler_error(
            'nothing is promised of the rows: no not_null in a contract, no accepted_values, no argument'
        ) }}
    {%- endif -%}
with

faulty_rows as (
    select *
    from {{ model }}
    where
        {% for fault in faults -%}
        {{ 'or ' if not loop.first }}({{ fault.condition }})
        {% endfor %}
),

counted as (
    select
        {%- for fault in faults %}
        count(case when {{ fault.condition }} then 1 end) as fault_{{ loop.index }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from faulty_rows
),

named as (
    select
        looked_for.fault,
        case looked_for.fault_number
            {%- for fault in faults %}
            when {{ loop.index }} then counted.fault_{{ loop.index }}
            {%- endfor %}
        end as row_count
    from counted
    cross join (
        values
        {%- for fault in faults %}
        ({{ loop.index }}, {{ sql_text(fault.name) }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as looked_for (fault_number, fault)
)

select
    fault,
    row_count
from named
where row_count > 0
{%- endmacro %}
