{#
    The serving schema and its tables about publications: what was published when, how far each
    tenant's rows reached, how far sources were read, and what raw rows add up to. Row counts cover all
    tenants, so readers get the other columns only.
#}
{% macro ensure_publication_tables() -%}
    {%- set publication = serving_relation('publication') -%}
    {%- set watermarks = serving_relation('publication_watermarks') -%}
    {%- set sources = serving_relation('publication_sources') -%}
    {%- set raw_totals = serving_relation('publication_raw_totals') -%}
    {%- set extracted_rows = serving_relation('publication_extracted_rows') -%}
    {%- set day_digests = serving_relation('publication_raw_day_digests') -%}
    create table if not exists {{ publication }} (
        build_id text collate "C" primary key,
        published_at timestamptz not null,
        build_started_at timestamptz not null,
        dbt_version text collate "C" not null,
        mart_row_counts jsonb not null
    );
    alter table {{ publication }} add column if not exists mode text collate "C";
    alter table {{ publication }} add column if not exists project_fingerprint text collate "C";
    alter table {{ publication }} add column if not exists made_from jsonb;
    create index if not exists publication_by_time on {{ publication }} (published_at);
    comment on table {{ publication }} is 'One row per published build; the newest by published_at '
        'is the one that readers see.';
    comment on column {{ publication }}.build_started_at is 'When the build began: rows that '
        'arrived later are not in it.';
    comment on column {{ publication }}.made_from is 'Digests of what the build read, written by '
        'the command that made it: whether there is anything to build again.';

    create table if not exists {{ sources }} (
        build_id text collate "C" not null references {{ publication }} on delete cascade,
        source_system text collate "C" not null,
        organization_id text collate "C" not null,
        newest_row_at timestamptz,
        primary key (build_id, source_system, organization_id)
    );
    alter table {{ sources }} add column if not exists rows_after_clock bigint;
    alter table {{ sources }} add column if not exists rejected_rows bigint;
    alter table {{ sources }} add column if not exists archived_before date;
    {{ times_to_instants(sources) }}
    comment on table {{ sources }} is 'One row per published build (of the last 30 days) and '
        'tenant: the newest change among its requests, up to the clock of the build.';
    comment on column {{ sources }}.rows_after_clock is 'Requests whose time lay after the clock of '
        'the build when it began: they do not count as new.';
    comment on column {{ sources }}.rejected_rows is 'Raw rows of the tenant that are in no mart: see '
        'fct_rejected_rows.';
    comment on column {{ sources }}.archived_before is 'Rows of earlier days that the source system no '
        'longer holds are archived; null where it lost none by age.';

    create table if not exists {{ watermarks }} (
        build_id text collate "C" not null references {{ publication }} on delete cascade,
        source_name text collate "C" not null,
        watermark timestamp,
        primary key (build_id, source_name)
    );
    comment on table {{ watermarks }} is 'One row per watched source table: how far the newest '
        'build read it, by the clock of its source. The next build looks back from here.';

    create table if not exists {{ raw_totals }} (
        {%- for name, type in raw_total_columns().items() %}
        {{ name }} {{ type }}{{ ',' if not loop.last }}
        {%- endfor %}
    );
    create index if not exists publication_raw_totals_of_days on {{ raw_totals }}
        (source_system, day);
    comment on table {{ raw_totals }} is 'What the raw rows of each day and project add up to, as '
        'they were counted when a build last looked at that day. The next build counts only days '
        'with changes.';

    create table if not exists {{ extracted_rows }} (
        source_name text collate "C" not null,
        row_digest uuid not null
    );
    comment on table {{ extracted_rows }} is 'Digests of the raw rows that the newest build counted and '
        'the next one looks back on: rows that say the same have not to be counted again.';

    create table if not exists {{ day_digests }} (
        day date,
        digest numeric not null
    );
    comment on table {{ day_digests }} is 'Digests of the raw tag spend of each day as the newest '
        'build read it: days that say the same have not to be read again.';

    grant select (build_id, published_at, build_started_at, dbt_version, mode) on {{ publication }}
        to {{ adapter.quote(var('api_role')) }}, {{ adapter.quote(var('bi_role')) }};
    {{ grant_reading(sources) }}
{%- endmacro %}

{# Writes down the publication and tells those who wait (listen usage_warehouse_published). #}
{% macro record_publication(marts) -%}
    {%- set publication = serving_relation('publication') -%}
    {%- set watermarks = serving_relation('publication_watermarks') -%}
    {%- set sources = serving_relation('publication_sources') -%}
    {%- set build_id = sql_text(invocation_id) -%}
    {%- set requests = marts | selectattr('name', 'equalto', 'fct_requests') | first -%}
    {%- set rejected = marts | selectattr('name', 'equalto', 'fct_rejected_rows') | first -%}
    insert into {{ publication }} (
        build_id, published_at, build_started_at, dbt_version, mart_row_counts, mode,
        project_fingerprint
    )
    select
        {{ build_id }},
        -- The newest is found by this column: a clock that is set back must not hide a build.
        (
            select greatest(
                clock_timestamp(),
                max(earlier.published_at) + interval '1 microsecond'
            )
            from {{ publication }} as earlier
        ),
        cast({{ sql_text(run_started_at.isoformat()) }} as timestamptz),
        {{ sql_text(dbt_version) }},
        ({{ mart_row_counts(marts) }}),
        plan.mode,
        plan.project_fingerprint
    from {{ build_relation_named('build_plan') }} as plan;

    delete from {{ watermarks }};
    insert into {{ watermarks }} (build_id, source_name, watermark)
    select {{ build_id }}, source_name, high_watermark
    from {{ build_relation_named('build_watermarks') }};

    {{ record_raw_totals(marts) }}
    {{ record_raw_day_digests() }}
    {%- if requests %}
    insert into {{ sources }} (
        build_id, source_system, organization_id, newest_row_at, rows_after_clock, rejected_rows,
        archived_before
    )
    select
        newest.build_id, newest.source_system, newest.organization_id, newest.newest_row_at,
        (
            select count(*) from {{ requests.serving }} as request
            where request.source_system = newest.source_system
                and request.organization_id = newest.organization_id
                and request.requested_at > {{ build_clock() }}
        ),
        {%- if rejected %}
        (
            select coalesce(sum(rejected.raw_rows), 0) from {{ rejected.serving }} as rejected
            where rejected.source_system = newest.source_system
                and rejected.organization_id = newest.organization_id
                and rejected.outcome = 'rejected'
        ),
        {%- else %}
        null,
        {%- endif %}
        (
            select max(boundary.archived_before)
            from {{ build_relation_named('archive_boundaries') }} as boundary
            where split_part(boundary.source_name, '.', 1) = newest.source_system
        )
    from (
        {{ newest_rows(requests) }}
    ) as newest (build_id, source_system, organization_id, newest_row_at);
    {%- endif %}
    delete from {{ sources }}
    where build_id not in (
        select build_id from {{ publication }}
        where published_at >= now() - interval '30 days'
    );
    {{ forget_old_changes() }}
    select pg_notify('usage_warehouse_published', {{ build_id }});
{%- endmacro %}

{#
    Writes down what the raw rows add up to that this build counted: of every day, or of the days it
    looked at; and which of them the next build extracts again. A project without the audit has nothing
    to write down.
#}
{% macro record_raw_totals(marts) -%}
    {%- if marts | selectattr('name', 'equalto', 'fct_cost_reconciliation') | list -%}
    {%- set raw_totals = serving_relation('publication_raw_totals') -%}
    {%- set extracted_rows = serving_relation('publication_extracted_rows') -%}
    {%- set names = column_list(raw_total_columns().keys()) -%}
    {%- set is_part = build_mode() == 'incremental' %}
    delete from {{ raw_totals }} as published
    {%- if is_part %}
    where {{ is_candidate_day('published') }}
    {%- endif %};
    {%- for system in enabled_source_systems() %}
    insert into {{ raw_totals }} ({{ names }})
    select {{ names }}
    from {{ build_relation_named('audited_' ~ system ~ '__raw_totals') }} as counted
    {%- if is_part %}
    where {{ is_candidate_day('counted') }}
    {%- endif %};
    {%- endfor %}
    analyze {{ raw_totals }};
    {%- for source in extracted_sources() if not source.is_event_time %}
    delete from {{ extracted_rows }} where source_name = {{ sql_text(source.name) }};
    {%- endfor %}
    insert into {{ extracted_rows }} (source_name, row_digest)
    select source_name, row_digest from {{ build_relation_named('extracted_digests') }};
    analyze {{ extracted_rows }};
    {{ record_raw_counts() }}
    {%- endif %}
{%- endmacro %}

{# Writes down what the days of raw rows said that this build read: see extract_changed_days. #}
{% macro record_raw_day_digests() -%}
    {%- set day_digests = serving_relation('publication_raw_day_digests') -%}
    {%- for source in tracked_sources()
        if source.is_extracted_by_day and not is_skipped_source(source, build_mode()) %}
    delete from {{ day_digests }};
    insert into {{ day_digests }} (day, digest)
    select day, digest from {{ build_relation_named('raw_day_digests') }};
    {%- endfor %}
{%- endmacro %}

{# How many rows each published mart has, as a JSON object: counted, or carried on by the difference. #}
{% macro mart_row_counts(marts) -%}
    {%- if builds_partitions() %}
        select jsonb_object_agg(
            delta.mart_name,
            delta.rows_added + cast(newest.mart_row_counts ->> delta.mart_name as bigint)
        )
        from (
            select mart_name, sum(rows_added) as rows_added
            from publication_deltas
            group by mart_name
        ) as delta
        cross join (
            select earlier.mart_row_counts from {{ serving_relation('publication') }} as earlier
            order by earlier.published_at desc
            limit 1
        ) as newest
    {%- else %}
        select jsonb_object_agg(mart.mart_name, mart.row_count)
        from (
            {%- for mart in marts %}
            select {{ sql_text(mart.name) }} as mart_name, count(*) as row_count
            from {{ mart.serving }}
            {%- if not loop.last %} union all{% endif %}
            {%- endfor %}
        ) as mart
    {%- endif %}
{%- endmacro %}

{# When this build began: rows with later times do not tell that a source is alive. #}
{% macro build_clock() -%}
    timestamptz {{ sql_text(run_started_at.isoformat()) }}
{%- endmacro %}

{#
    The newest change among each tenant's requests, up to the clock of the build. After a build of
    partitions, of the tenants whose requests changed only: a later row moves it on, and where the newest
    one went it is looked for, as is among the rows that were after the clock of the build before.
#}
{% macro newest_rows(requests) -%}
    {%- set newest -%}
        greatest(
            max(request.source_updated_at) filter (where request.source_updated_at <= {{ build_clock() }}),
            max(request.requested_at) filter (where request.requested_at <= {{ build_clock() }})
        )
    {%- endset -%}
    {%- set sources = serving_relation('publication_sources') -%}
    {%- if not is_built_by_partition(requests.node) %}
    select
        {{ sql_text(invocation_id) }}, request.source_system, request.organization_id, {{ newest }}
    from {{ requests.serving }} as request
    group by request.source_system, request.organization_id
    {%- else %}
    with

    before as (
        select
            source_system, organization_id, newest_row_at, rows_after_clock,
            (
                select publication.build_started_at
                from {{ serving_relation('publication') }} as publication
                where publication.build_id = published.build_id
            ) as clock
        from {{ sources }} as published
        where build_id = (select base_build_id from {{ build_relation_named('build_plan') }})
    ),

    taken as (
        select request.source_system, request.organization_id, {{ newest }} as newest_row_at
        from {{ replaced_rows('fct_requests') }} as request
        group by request.source_system, request.organization_id
    ),

    added as (
        select request.source_system, request.organization_id, {{ newest }} as newest_row_at
        from {{ built_rows('fct_requests') }} as request
        group by request.source_system, request.organization_id
    ),

    moved_on as (
        select
            source_system,
            organization_id,
            case
                when taken.newest_row_at >= before.newest_row_at then (
                    select {{ newest }} from {{ requests.serving }} as request
                    where request.source_system = before.source_system
                        and request.organization_id = before.organization_id
                )
                else greatest(
                    before.newest_row_at, added.newest_row_at, came_to_pass.newest_row_at
                )
            end as newest_row_at,
            taken.source_system is not null as has_lost_rows
        from before
        full join added using (source_system, organization_id)
        left join taken using (source_system, organization_id)
        left join lateral (
            select max(request.requested_at) as newest_row_at
            from {{ requests.serving }} as request
            where before.rows_after_clock > 0
                and request.source_system = before.source_system
                and request.organization_id = before.organization_id
                and request.requested_at > before.clock
                and request.requested_at <= {{ build_clock() }}
        ) as came_to_pass on true
    )

    select {{ sql_text(invocation_id) }}, source_system, organization_id, newest_row_at
    from moved_on
    where not has_lost_rows
        or exists (
            select from {{ requests.serving }} as request
            where request.source_system = moved_on.source_system
                and request.organization_id = moved_on.organization_id
        )
    {%- endif %}
{%- endmacro %}
