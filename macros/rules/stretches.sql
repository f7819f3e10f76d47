{#
    A subquery: the time of each key cut at every moment at which one of its periods begins or ends,
    so that in each stretch [from_at, to_at) the same periods hold. The last one has no end.
#}
{% macro stretches(periods, key) -%}
    {%- set names = key | join(', ') -%}
    (
        select
            {{ names }},
            moment as from_at,
            lead(moment) over (partition by {{ names }} order by moment nulls last) as to_at
        from (
            select {{ names }}, valid_from_at as moment from {{ periods }}
            union
            select {{ names }}, valid_to_at as moment from {{ periods }}
            where valid_to_at is not null
        ) as moments
    )
{%- endmacro %}
