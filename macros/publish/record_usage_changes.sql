{#
    New minus old usage of every day, project, provider and model in which any row differs. Whether
    it does is told by the sum of the rows' digests: equal rows cancel each other out. Of a first
    publication all is new.
#}
{% macro record_usage_changes(daily, served) -%}
    insert into {{ serving_relation('publication_changes') }} (
        build_id, source_system, organization_id, project_id, day, provider, model,
        requests_delta, total_tokens_delta, cost_usd_delta, earlier_days
    )
    {%- if not served %}
    select
        {{ sql_text(invocation_id) }},
        source_system,
        organization_id,
        project_id,
        cast(null as date),
        provider,
        model,
        sum(requests),
        sum(total_tokens),
        sum(cost_usd),
        range_agg(daterange(day, day, '[]'))
    from {{ made_rows(daily) }}
    group by 2, 3, 4, 5, 6, 7;
    {%- else %}
    with

    compared as (
        {{ usage_rows(made_rows(daily), '+', column_list(served)) }}
        union all
        {{ usage_rows(published_slices(daily), '-', column_list(served)) }}
    ),

    changed as (
        select
            source_system, organization_id, project_id, day, provider, model,
            sum(requests) as requests,
            sum(total_tokens) as total_tokens,
            sum(cost_usd) as cost_usd
        from compared
        group by 1, 2, 3, 4, 5, 6
        having sum(digest) <> 0
            or sum(requests) <> 0 or sum(total_tokens) <> 0 or sum(cost_usd) <> 0
    ),

    ranked as (
        select
            changed.*,
            dense_rank() over (
                partition by source_system, organization_id order by day desc
            ) <= {{ var('publish_listed_days', 31) }} as is_listed
        from changed
    )

    select
        {{ sql_text(invocation_id) }},
        source_system,
        organization_id,
        project_id,
        case when is_listed then day end,
        provider,
        model,
        sum(requests),
        sum(total_tokens),
        sum(cost_usd),
        range_agg(daterange(day, day, '[]')) filter (where not is_listed)
    from ranked
    group by 2, 3, 4, 5, 6, 7;
    {%- endif %}
{%- endmacro %}
