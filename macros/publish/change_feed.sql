{#
    Where publishing writes down what each of the newest builds changed. A build's rows in the last
    two tables go with its row in the first.
#}
{% macro ensure_change_tables() -%}
    {%- set publication = serving_relation('publication') -%}
    {%- set comparisons = serving_relation('publication_comparisons') -%}
    {%- set changes = serving_relation('publication_changes') -%}
    {%- set activity = serving_relation('publication_activity') -%}
    create table if not exists {{ comparisons }} (
        build_id text collate "C" primary key
            references {{ publication }} on delete cascade deferrable initially deferred,
        previous_build_id text collate "C"
    );
    comment on table {{ comparisons }} is 'One row per published build (of the newest) whose '
        'changes are kept.';
    comment on column {{ comparisons }}.previous_build_id is 'The published build it was compared '
        'with; null: with none, so that all of its usage counts as new.';

    create table if not exists {{ changes }} (
        build_id text collate "C" not null references {{ comparisons }} on delete cascade,
        source_system text collate "C" not null,
        organization_id text collate "C" not null,
        project_id text collate "C" not null,
        day date,
        provider text collate "C" not null,
        model text collate "C" not null,
        requests_delta bigint not null,
        total_tokens_delta bigint not null,
        cost_usd_delta numeric(38, 22) not null,
        earlier_days datemultirange,
        unique nulls not distinct
            (build_id, source_system, organization_id, day, project_id, provider, model),
        check ((day is null) = (earlier_days is not null))
    );
    comment on table {{ changes }} is 'One row per published build, tenant, project, day, provider '
        'and model of which any row of fct_daily_usage changed: new minus old, negative for what '
        'vanished, 0 where only other columns changed.';
    comment on column {{ changes }}.day is 'Null: the days of earlier_days together.';
    comment on column {{ changes }}.earlier_days is 'Which changed days of the tenant, older than '
        'the newest ones, this row adds up; null where it is about one day.';

    create table if not exists {{ activity }} (
        build_id text collate "C" not null references {{ comparisons }} on delete cascade,
        source_system text collate "C" not null,
        organization_id text collate "C" not null,
        project_id text collate "C",
        day date not null,
        active_users bigint not null,
        sessions bigint not null,
        user_sessions bigint not null,
        unique nulls not distinct
            (build_id, source_system, organization_id, day, project_id)
    );
    comment on table {{ activity }} is 'One row per published build and changed day of a tenant, '
        'and one more for each of its projects with a request: how many took part in the build.';
    comment on column {{ activity }}.project_id is 'Null: the whole tenant.';
    comment on column {{ activity }}.user_sessions is 'Sessions among the requests with a user.';

    grant select on {{ comparisons }}
        to {{ adapter.quote(var('api_role')) }}, {{ adapter.quote(var('bi_role')) }};
    {{ grant_reading(changes) }}
    {{ grant_reading(activity) }}
{%- endmacro %}

{#
    Writes down what this build changes in the usage that readers see: the built fct_daily_usage
    against its serving copy, while that still stands. Of the newest changed days of each tenant by
    day, of the older ones together, so that a restatement of all history stays small. A project
    without the two marts has nothing to compare.
#}
{% macro record_changes(marts) -%}
    {%- set daily = marts | selectattr('name', 'equalto', 'fct_daily_usage') | first -%}
    {%- set requests = marts | selectattr('name', 'equalto', 'fct_requests') | first -%}
    {%- if daily and requests -%}
    {%- set served = served_usage_columns(daily) -%}
    insert into {{ serving_relation('publication_comparisons') }} (build_id, previous_build_id)
    values (
        {{ sql_text(invocation_id) }},
        {% if served -%}
        (
            select publication.build_id from {{ serving_relation('publication') }} as publication
            order by publication.published_at desc limit 1
        )
        {%- else -%} null {%- endif %}
    );
    {{ record_usage_changes(daily, served) }}
    {{ record_activity(requests) }}
    {%- endif -%}
{%- endmacro %}

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
        {{ usage_rows(published_partitions(daily), '-', column_list(served)) }}
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

{#
    Columns that the serving copy of fct_daily_usage and its successor both have; none if there is
    no copy, or one that lacks a column by which usage is compared.
#}
{% macro served_usage_columns(daily) -%}
    {%- if not daily.is_published -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set served = existing_columns(daily.serving) | map(attribute='name') | list -%}
    {%- for name in [
        'source_system', 'organization_id', 'project_id', 'day', 'provider', 'model', 'requests',
        'total_tokens', 'cost_usd',
    ] if name not in served -%}
        {{ return([]) }}
    {%- endfor -%}
    {{ return(daily.columns | map(attribute='name') | select('in', served) | list) }}
{%- endmacro %}

{#
    Rows of a copy of fct_daily_usage, to be added or taken away, each with a digest of all it says.
    Text is compared by code point: the built table and its serving copy collate differently.
#}
{% macro usage_rows(relation, sign, columns) -%}
    select
        source_system collate "C" as source_system,
        organization_id collate "C" as organization_id,
        project_id collate "C" as project_id,
        day,
        provider collate "C" as provider,
        model collate "C" as model,
        {{ sign }}requests as requests,
        {{ sign }}total_tokens as total_tokens,
        {{ sign }}cost_usd as cost_usd,
        {{ sign }}cast(hash_record_extended(row({{ columns }}), 0) as numeric) as digest
    from {{ relation }}
{%- endmacro %}

{#
    Distinct users and sessions of each changed day in this build: of the whole tenant and of each
    project. They do not add up, so that no difference of them is kept.
#}
{% macro record_activity(requests) -%}
    {%- set days_requests = build_relation_named('inc_requests_of_affected_days')
        if is_built_by_partition(requests.node) else requests.build -%}
    insert into {{ serving_relation('publication_activity') }} (
        build_id, source_system, organization_id, project_id, day,
        active_users, sessions, user_sessions
    )
    with

    changed_days as (
        select distinct source_system, organization_id, day
        from {{ serving_relation('publication_changes') }}
        where build_id = {{ sql_text(invocation_id) }} and day is not null
    ),

    seen as (
        select distinct
            changed_days.source_system,
            changed_days.organization_id,
            request.project_id,
            changed_days.day,
            request.user_id,
            request.session_id
        from {{ days_requests }} as request
        inner join changed_days
            on request.source_system collate "C" = changed_days.source_system
            and request.organization_id collate "C" = changed_days.organization_id
            and {{ utc_day('request.requested_at') }} = changed_days.day
    )

    select
        {{ sql_text(invocation_id) }},
        source_system,
        organization_id,
        project_id,
        day,
        count(distinct user_id),
        count(distinct session_id),
        count(distinct session_id) filter (where user_id is not null)
    from seen
    group by grouping sets (
        (source_system, organization_id, day), (source_system, organization_id, day, project_id)
    );
{%- endmacro %}

{# Keeps what the newest builds changed (var publish_kept_changes): clients resume after those. #}
{% macro forget_old_changes() -%}
    delete from {{ serving_relation('publication_comparisons') }}
    where build_id not in (
        select publication.build_id
        from {{ serving_relation('publication') }} as publication
        order by publication.published_at desc
        limit {{ var('publish_kept_changes', 50) }}
    );
{%- endmacro %}
