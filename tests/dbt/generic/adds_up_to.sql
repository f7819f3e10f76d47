{#
    Every row of a roll-up is what its base's rows of that period and those dimensions add up to, and
    there is one for each. `sums` gives the SQL over the base by measure column; NULL counts 0.
    `extremes` gives whole aggregates; NULL stays NULL. `where` narrows the rows of a roll-up of several
    bases to those of this one.
#}
{% test adds_up_to(
    model, base, time, base_time, grain, dimensions, sums, extremes={}, where="1 = 1"
) %}

with

stored as (
    select
        cast({{ time }} as timestamp) as period_start,
        {{ dimensions | join(',\n        ') }},
        {% for measure in extremes -%}
        {{ measure }},
        {% endfor -%}
        {% for measure in sums -%}
        cast({{ measure }} as numeric(38, 22)) as {{ measure }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ model }}
    where {{ where }}
),

added_up as (
    select
        cast(date_trunc('{{ grain }}', {{ base_time }}) as timestamp) as period_start,
        {{ dimensions | join(',\n        ') }},
        {% for measure, expression in extremes.items() -%}
        {{ expression }} as {{ measure }},
        {% endfor -%}
        {% for measure, expression in sums.items() -%}
        cast(coalesce(sum({{ expression }}), 0) as numeric(38, 22)) as {{ measure }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ base }}
    where {{ base_time }} is not null
    group by {% for _ in range(dimensions | length + 1) %}{{ loop.index }}{% if not loop.last %}, {% endif %}{% endfor %}
),

-- Set operations take two NULLs for equal.
not_in_base as (
    select * from stored
    except
    select * from added_up
),

not_in_roll_up as (
    select * from added_up
    except
    select * from stored
)

select 'roll-up' as only_in, not_in_base.* from not_in_base
union all
select 'base' as only_in, not_in_roll_up.* from not_in_roll_up

{% endtest %}
