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
    {%- set landed_rows = serving_relation('publication_landed_rows') -%}
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
        newest_row_at timestamp,
        primary key (build_id, source_system, organization_id)
    );
    comment on table {{ sources }} is 'One row per published build (of the last 30 days) and '
        'tenant: the newest change among its requests.';

    create table if not exists {{ watermarks }} (
        build_id text collate "C" not null references {{ publication }} on delete cascade,
        source_name text collate "C" not null,
        watermark timestamp,
        primary key (build_id, source_name)
    );
    comment on table {{ watermarks }} is 'One row per watched source table: how far the newest '
        'build read it. The next build looks back from here.';

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

    create table if not exists {{ landed_rows }} (
        source_name text collate "C" not null,
        row_digest uuid not null
    );
    comment on table {{ landed_rows }} is 'Digests of the raw rows that the newest build counted and '
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
