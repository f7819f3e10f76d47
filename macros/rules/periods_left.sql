{#
    A subquery: the time of each key that its periods leave: before the first of them, between two that
    do not meet, after the last. The periods of a key do not overlap.
#}
{% macro periods_left(periods, key) -%}
    {%- set names = key | join(', ') -%}
    (
        select
            {{ names }},
            left_from_at,
            left_to_at
        from (
            select
                {{ names }},
                coalesce(
                    lag(valid_to_at) over (
                        partition by {{ names }} order by valid_from_at nulls last
                    ),
                    cast('0001-01-01 00:00:00' as timestamp)
                ) as left_from_at,
                valid_from_at as left_to_at
            from {{ periods }}

            union all

            select
                {{ names }},
                max(valid_to_at) as left_from_at,
                cast(null as timestamp) as left_to_at
            from {{ periods }}
            group by {{ names }}
            having count(*) = count(valid_to_at)
        ) as gaps
        where left_to_at is null or left_from_at < left_to_at
    )
{%- endmacro %}
