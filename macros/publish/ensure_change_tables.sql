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
