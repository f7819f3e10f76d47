{# After a build that read all raw rows: what they add up to. #}
{% macro audit_full_read() -%}
    {%- if not execute or build_mode() == 'incremental' -%}
        {{ return('') }}
    {%- endif -%}
    {{ record_request_issues() }}
    {{ audit_raw_rows() }}
{%- endmacro %}

{# After the rows of a build of changes were extracted: what the raw rows of their days add up to. #}
{% macro audit_extracted_rows() -%}
    {%- if not execute or build_mode() != 'incremental' -%}
        {{ return('') }}
    {%- endif -%}
    {{ record_request_issues() }}
    {{ record_candidate_days() }}
    {{ audit_raw_rows() }}
{%- endmacro %}

{#
    Counts raw rows in the transaction that reads them, so that rows that come meanwhile are in neither.
    A build of changes counts those of the days it looks at; what the other days add up to was written
    down when they were.
#}
{% macro audit_raw_rows() -%}
    {%- for system in enabled_source_systems() %}
    {%- set totals = build_relation_named('audited_' ~ system ~ '__raw_totals') %}
    {%- set names = column_list(raw_total_columns().keys()) %}
    drop table if exists {{ totals }} cascade;
    create table {{ totals }} as
    select {{ names }} from {{ build_relation_named('audit_' ~ system ~ '__raw_totals') }};
    {%- if build_mode() == 'incremental' %}
    insert into {{ totals }} ({{ names }})
    select {{ names }}
    from {{ serving_relation('publication_raw_totals') }} as published
    where source_system = {{ sql_text(system) }} and not {{ is_candidate_day('published') }};
    {%- endif %}
    {%- endfor %}
    {{ record_extracted_digests() if build_mode() != 'empty' }}
{%- endmacro %}

{#
    Where the totals of a system's raw rows stand, counted in the transaction that read those rows. Where
    this schema never had any (a build of some models that defers to another target): the audit itself.
#}
{% macro audited_totals(source_system) -%}
    {%- set audit = ref('audit_' ~ source_system ~ '__raw_totals') -%}
    {{ return(adapter.dispatch('audited_totals', 'usage_warehouse')(audit, source_system)) }}
{%- endmacro %}

{% macro default__audited_totals(audit, source_system) -%}
    {{ return(audit) }}
{%- endmacro %}

{% macro postgres__audited_totals(audit, source_system) -%}
    {%- set audited = build_relation_named('audited_' ~ source_system ~ '__raw_totals') -%}
    {{ return(
        audit
        if model.resource_type == 'unit_test' or (execute and not existing_columns(audited))
        else audited
    ) }}
{%- endmacro %}

{# Columns of what raw rows add up to, and their types on Postgres. #}
{% macro raw_total_columns() -%}
    {{ return({
        'source_system': 'text collate "C"',
        'organization_id': 'text collate "C"',
        'project_id': 'text collate "C"',
        'day': 'date',
        'is_excluded': 'boolean',
        'requests': 'bigint',
        'llm_call_requests': 'bigint',
        'llm_chain_requests': 'bigint',
        'successful_requests': 'bigint',
        'failed_requests': 'bigint',
        'unpriced_requests': 'bigint',
        'input_tokens': 'bigint',
        'output_tokens': 'bigint',
        'total_tokens': 'bigint',
        'cost_usd': 'numeric(38, 22)',
        'eval_runs': 'bigint',
        'eval_cost_usd': 'numeric(38, 22)',
    }) }}
{%- endmacro %}

{#
    The function through which audits count a tracked source: the raw table itself, whatever models read
    of it, or the rows that a build extracts of a table that it reads in full.
#}
{% macro counted_rows_function(source_name) -%}
    {{ return(build_relation_named('count_' ~ source_name)) }}
{%- endmacro %}

{#
    The raw rows that an audit counts: in a build of changed rows those of the days on which a request
    is looked at (and those that are on no day), else all. Days that follow each other are fetched
    together, each stretch of days on its own (offset 0): a join of all would have Postgres guess how
    many rows their bounds let pass, and it guesses a third of all. A build without rows counts none.
#}
{% macro rows_to_audit(source_system, table, time_column) -%}
    {%- set raw = source(source_system, table) -%}
    {%- if not execute or model.resource_type == 'unit_test' or target.type != 'postgres' -%}
        {{ return('(select raw.*, false as is_set_aside from ' ~ raw ~ ' as raw) as audited') }}
    {%- endif -%}
    {%- set tracked = tracked_source(source_system ~ '__' ~ table) -%}
    {%- set raw = counted_rows_function(tracked.name) ~ '()' -%}
    {%- if flags.EMPTY -%}
        {{ return('(select raw.*, false as is_set_aside from ' ~ raw ~ ' as raw where false) as counted_rows') }}
    {%- endif -%}
    {%- if build_mode() != 'incremental' or tracked.is_read_in_full -%}
        {%- set raw = rows_set_aside(tracked, raw) -%}
    {%- endif -%}
    {%- if build_mode() != 'incremental' -%}
        {{ return(raw ~ ' as audited') }}
    {%- endif -%}
    {%- set column = 'raw.' ~ adapter.quote(time_column) -%}
    {#- The days of a zone begin up to 14 hours before or after those of UTC. -#}
    {%- set spread = 0 if source_time_zone(source_system) == 'UTC' else 1 -%}
    {%- set rows -%}
        (
            {%- if tracked.is_read_in_full %}
            select raw.*
            from {{ raw }} as raw
            where {{ audited_day(source_system, column) }} in ({{ candidate_days(source_system) }})
            {%- else %}
            select raw.*
            from (
                select min(day) as first_day, max(day) as last_day
                from (
                    select day, day - cast(row_number() over (order by day) as integer) as stretch
                    from ({{ candidate_days(source_system) }}) as candidate
                ) as numbered
                group by stretch
            ) as stretch
            cross join lateral (
                select raw.*
                from {{ raw }} as raw
                where {{ column }} >= stretch.first_day - {{ spread }}
                    and {{ column }} < stretch.last_day + 1 + {{ spread }}
                    {%- if spread %}
                    and {{ audited_day(source_system, column) }}
                        between stretch.first_day and stretch.last_day
                    {%- endif %}
                offset 0
            ) as raw
            {%- endif %}
            union all
            select raw.*
            from {{ raw }} as raw
            where {{ column }} is null
                or ({{ column }} < '2000-01-02' or {{ column }} > '2099-12-30 23:59:59.999999')
                    and {{ audited_day(source_system, column) }} is null
        )
    {%- endset -%}
    {{ return((rows if tracked.is_read_in_full else rows_set_aside(tracked, rows)) ~ ' as audited') }}
{%- endmacro %}

{#
    Raw rows with a column that says whether the audit expects them in no mart: without a key, or not the
    newest of their key and time. By other means than kept_rows: all of a key but the last, counted from
    its end. Where an index holds the keys unique, nothing is compared.
#}
{% macro rows_set_aside(tracked, rows) -%}
    {%- set source = keyed_source(tracked.name) -%}
    {%- set repeated = repeated_rows(source) -%}
    {%- set key -%} set_aside.{{ source.key_column }} {%- endset -%}
    {%- if repeated == 'none' -%}
        {{ return(
            '(select set_aside.*, ' ~ key ~ ' is null as is_set_aside from ' ~ rows ~ ' as set_aside)'
        ) }}
    {%- endif -%}
    {%- set at -%}
        {%- if source.is_request -%}
        {{ audited_instant(source.system, 'set_aside.' ~ source.event) }}
        {%- else -%}
        cast(null as timestamp)
        {%- endif -%}
    {%- endset -%}
    {%- set order -%}
        row(coalesce(set_aside.{{ source.ordered_by }}, '-infinity'), {{ row_text(source, 'set_aside') }})
    {%- endset %}
    (
        select
            set_aside.*,
            {{ key }} is null
            or row_number() over same_key < count(*) over same_key as is_set_aside
        from {{ rows }} as set_aside
        window same_key as (
            partition by {{ key }}, {{ at }} order by {{ order }}
            rows between unbounded preceding and unbounded following
        )
    )
{%- endmacro %}

{#
    Notes the days whose raw rows are counted anew: of each system those on which requests are looked
    at, as their raw rows say now and as they are published, or on which evaluation runs differ. Of
    sources that tell when a row changed, only requests that did; those of new prices noted theirs
    when they were extracted. Rows without a readable time, which are on no day, are always counted.
#}
{% macro record_candidate_days() -%}
    {%- set days = build_relation_named('candidate_days') -%}
    {%- set published = serving_relation('fct_requests') -%}
    {%- for system in enabled_source_systems() %}
    insert into {{ days }} values ({{ sql_text(system) }}, null);
    {%- endfor %}
    {%- for source in extracted_sources() %}
    with

    extracted as (
        {%- if source.is_event_time %}
        select * from {{ extracted_relation(source.name) }}
        {%- else %}
        {{ newly_extracted_rows(source) }}
        {%- endif %}
    ),

    candidate as (
        {%- if source.is_event_time %}
        select * from {{ this }}
        where source_system = {{ sql_text(source.system) }}
        {%- else %}
        select
            {{ extracted_request_key(source) }}
        from extracted
        where extracted.{{ adapter.quote(source.key) }} is not null
        {%- endif %}
    )

    insert into {{ days }}
    select {{ sql_text(source.system) }}, {{ utc_day('requested_at') }}
    from (
        select {{ source_instant(source.system, source.event_column) }} as requested_at from extracted
    ) as request
    where requested_at is not null
    union
    select published.source_system, {{ utc_day('published.requested_at') }}
    from candidate
    inner join {{ published }} as published
        on candidate.source_system = published.source_system
        and candidate.request_kind = published.request_kind
        and candidate.request_id = published.request_id
    where published.requested_at is not null;
    {%- endfor %}
    {{ record_days_of_changed_evaluation_runs(days) if 'kaapi' in enabled_source_systems() }}
    {{ record_days_of_changed_issues(days) }}
    {{ analyze_rows(days) }}
{%- endmacro %}

{# A query for the days of a system whose raw rows this build counts. #}
{% macro candidate_days(source_system) -%}
    select distinct day from {{ build_relation_named('candidate_days') }}
    where source_system = {{ sql_text(source_system) }} and day is not null
{%- endmacro %}

{# Whether raw rows of the day of a row, or those of no day, were counted by this build. #}
{% macro is_candidate_day(relation) -%}
    exists (
        select from {{ build_relation_named('candidate_days') }} as candidate
        where candidate.source_system = {{ relation }}.source_system collate "C"
            and candidate.day is not distinct from {{ relation }}.day
    )
{%- endmacro %}
