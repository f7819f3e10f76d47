{#
    A query for when each model or user of a tenant was seen first and last, from days: in several rows,
    of which the least and the greatest count. In a build of slices the published list still says so of
    whom it saw first and last on days that stand; only for the others all their days are gone through.
#}
{% macro first_and_last_days(list_name, key, columns) -%}
    {%- set names = ['source_system', 'organization_id'] + columns
        + ['first_requested_at', 'last_requested_at'] -%}
    {%- set days = ref('fct_daily_usage') -%}
    {%- if not builds_slices() -%}
    select {{ names | join(', ') }} from {{ days }} where {{ key }} is not null
    {%- else -%}
    {%- set lost_a_day -%}
        exists (
            select from {{ build_relation_named('int_rebuilt_days') }} as slice
            where listed.source_system = slice.source_system
                and listed.organization_id = slice.organization_id
                and slice.day in (
                    cast(listed.first_requested_at as date), cast(listed.last_requested_at as date)
                )
        )
    {%- endset -%}
    {%- set node = mart_nodes() | selectattr('alias', 'equalto', days.identifier) | first -%}
    select {{ names | join(', ') }} from {{ rebuilt_rows(days.identifier) }} where {{ key }} is not null
    union all
    select {{ names | join(', ') }}
    from {{ serving_relation(list_name) }} as listed
    where first_requested_at is not null and not {{ lost_a_day }}
    union all
    select published.{{ names | join(', published.') }}
    from (
        select source_system, organization_id, {{ key }}
        from {{ serving_relation(list_name) }} as listed
        where first_requested_at is not null and {{ lost_a_day }}
    ) as listed
    inner join {{ serving_relation(days.identifier) }} as published
        on listed.source_system = published.source_system
        and listed.organization_id = published.organization_id
        and listed.{{ key }} = published.{{ key }}
    where not exists (
        select from {{ slice_relation(node) }} as slice where {{ slice_of_row(node) }}
    )
    {%- endif %}
{%- endmacro %}
