{#
    The periods [valid_from_at, valid_to_at) of each key follow one another without gap or overlap,
    and only the last may be open.
#}
{% test has_contiguous_validity(model, key) %}

with

periods as (
    select
        {{ key | join(', ') }},
        valid_from_at,
        valid_to_at,
        row_number() over (
            partition by {{ key | join(', ') }} order by valid_from_at
        ) as position,
        lead(valid_from_at) over (
            partition by {{ key | join(', ') }} order by valid_from_at
        ) as next_valid_from_at
    from {{ model }}
)

select *
from periods
where
    valid_to_at <= valid_from_at
    or (next_valid_from_at is not null and valid_to_at is distinct from next_valid_from_at)

{% endtest %}
