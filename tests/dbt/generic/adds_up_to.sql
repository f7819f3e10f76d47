{#
    Every row of a roll-up is what its base's rows of that period and those dimensions add up to, and
    there is one for each. `sums` gives the SQL over the base by measure column; NULL counts 0.
    `extremes` gives whole aggregates; NULL stays NULL. `where` narrows the rows of a roll-up of several
    bases to those of this one.
#}
{% test adds_up_to(
    model, base, time, base_time, grain, dimensions, sums, extremes={}, where="1 = 1"
) %}
{%- set keys = ['period_start'] + dimensions -%}
{%- set measures = extremes.keys() | list + sums.keys() | list -%}
{%- set types = contracted_types() -%}
{%- set base_day = utc_day(base_time) if base_time.endswith('_at') else base_time -%}
{%- set period = utc_hour(base_time) if grain == 'hour' else period_start(grain, base_day) -%}
{%- set numbers -%}
    {% for _ in keys %}{{ loop.index }}{% if not loop.last %}, {% endif %}{% endfor %}
{%- endset -%}

{%- set stored %}
    select
        {{ time }} as period_start,
        {{ (dimensions + measures) | join(',\n        ') }}
    from {{ model }}
    where {{ where }}
{%- endset %}

{%- set added_up %}
    select
        {{ period }} as period_start,
        {{ dimensions | join(',\n        ') }},
        {% for measure, expression in extremes.items() -%}
        cast({{ expression }} as {{ types[measure] }}) as {{ measure }},
        {% endfor -%}
        {% for measure, expression in sums.items() -%}
        cast(coalesce(sum({{ expression }}), 0) as {{ types[measure] }}) as {{ measure }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ base }}
    where {{ base_time }} is not null
    group by {{ numbers }}
{%- endset %}

with

-- Grouped together, which takes two NULLs for equal, each key has one row of either side.
sides as (
    {{ stored }}
    union all
    {{ added_up }}
)

select
    {{ keys | join(',\n    ') }},
    count(*) as rows_of_both_sides
from sides
where {{ may_differ(stored, added_up) }}
group by {{ numbers }}
having
    count(*) <> 2
    {%- for measure in sums %}
    or min({{ measure }}) <> max({{ measure }})
    {%- endfor %}
    {%- for measure in extremes %}
    or count({{ measure }}) = 1
    or min({{ measure }}) <> max({{ measure }})
    {%- endfor %}

{% endtest %}
