{#
    The model that extracts the raw rows of requests: whatever reads those rows is built after it. Unit
    tests give the rows.
#}
{% macro extraction() -%}
    {{ return('' if model.resource_type == 'unit_test' else ref('inc_candidate_requests')) }}
{%- endmacro %}

{#
    Lets models read either a raw table itself or the rows of it that this build extracts.
#}
{% macro point_read_function(source, mode) -%}
    {%- set extracted = extracted_relation(source.name) -%}
    {%- if mode == 'full' %}
    drop table if exists {{ extracted }};
    create table {{ extracted }} ({{ raw_column_types(source.columns) }});
    {%- elif mode == 'incremental' or source.is_read_in_full %}
    truncate {{ extracted }};
    {%- endif %}
    {%- set extracted_rows = 'select * from ' ~ extracted %}
    {%- set keyed = keyed_source(source.name) %}
    {%- set repeated = repeated_rows(keyed) if keyed else 'none' %}
    {{ ensure_reading_function(
        read_function(source.name),
        source.columns,
        kept_rows(keyed, extracted, repeated) if source.is_read_in_full or mode == 'incremental'
            else all_kept_rows(source)
    ) }}
    {{ ensure_reading_function(
        counted_rows_function(source.name),
        source.columns,
        extracted_rows if source.is_read_in_full else all_raw_rows(source)
    ) }}
    {%- if source.is_extracted_by_day %}
    {{ extract_changed_days(source, mode) }}
    {%- elif source.is_read_in_full %}
    insert into {{ extracted }} {{ all_raw_rows(source) }};
    {%- endif %}
    {%- if source.is_read_in_full and keyed %}
    {{ record_row_issues(keyed, extracted, repeated) }}
    {%- endif %}
{%- endmacro %}

{#
    Copies the raw rows that may have changed into the extraction tables, all in one transaction that
    sees one state of the raw tables: what a build reads cannot change under it. Harmless rows may
    be among them; whether a row really changed is found by comparing with what is published.
#}
{% macro extract_raw_rows() -%}
    {%- if not execute or build_mode() != 'incremental' -%}
        {{ return('') }}
    {%- endif -%}
    {{ begin_snapshot() }}
    select pg_advisory_xact_lock_shared({{ build_lock('step') }});
    {%- for source in extracted_sources() %}
    insert into {{ extracted_relation(source.name) }}
    {{ all_raw_rows(source) }}
    where {{ is_within_lookback('raw', source, low_watermark(source)) }}
        {%- if not source.is_event_time %} or raw.{{ adapter.quote(source.key) }} is null{% endif %};
    {{ extract_moved_rows(source) if source.is_event_time }}
    {{ extract_rows_of_repeated_keys(source) if not source.is_event_time }}
    {%- endfor %}
    {%- if 'kaapi' in extracted_sources() | map(attribute='system') %}
    {{ extract_repriced_calls() }}
    {{ extract_chains_and_first_calls() }}
    {%- endif %}
    {%- for source in tracked_sources() %}
    {{ analyze_rows(extracted_relation(source.name)) }}
    {%- endfor %}
{%- endmacro %}

{# Lets all statements of the calling model's transaction see one state of the raw tables. #}
{% macro begin_snapshot() -%}
    commit;
    begin isolation level repeatable read;
{%- endmacro %}

{# Before all raw rows are read: they and their audit shall see one state of the raw tables. #}
{% macro begin_full_read() -%}
    {{ return(begin_snapshot() if execute and build_mode() != 'incremental' else '') }}
{%- endmacro %}

{#
    Of a source that tells when a row changed, and whose table does not hold its key unique: the other rows
    of the keys that are looked at, so that all of a key are compared.
#}
{% macro extract_rows_of_repeated_keys(source) -%}
    {%- set extracted = extracted_relation(source.name) -%}
    {%- if repeated_rows(keyed_source(source.name)) != 'none' %}
    insert into {{ extracted }}
    {{ all_raw_rows(source) }}
    where cast(raw.{{ adapter.quote(source.key) }} as text) in (
            select cast(extracted.{{ adapter.quote(source.key) }} as text) from {{ extracted }} as extracted
        )
        and not {{ is_within_lookback('raw', source, low_watermark(source)) }};
    {%- endif %}
{%- endmacro %}

{#
    Of a source that tells no time of update: rows published within the look-back whose own time has
    left it since, and older rows of a key that is looked at, which may have moved into it. Those that are gone altogether are found missing. They are few or none: each is
    fetched by its key (offset 0), not all rows to find it.
#}
{% macro extract_moved_rows(source) -%}
    {%- set extracted = extracted_relation(source.name) -%}
    {%- set keyed = keyed_source(source.name) -%}
    {%- set key = adapter.quote(source.key) -%}
    insert into {{ extracted }}
    select raw.*
    from (
        select distinct published.request_id
        from ({{ published_rows_within_lookback(source) }}) as published
        where not exists (
            select from {{ extracted }} as extracted
            where {{ request_key_text(keyed, 'extracted') }} = published.request_id
                and {{ time_in_key(keyed, 'extracted') }} is not distinct from published.requested_at
        )
        union
        select published.request_id
        from ({{ published_rows_of_extracted_keys(source) }}) as published
        where published.requested_at < {{ source_time_of_watermark(source) }}
    ) as request
    cross join lateral (
        {{ all_raw_rows(source) }}
        where raw.{{ key }} = cast(request.request_id as {{ raw_key_type(source) }})
            and not {{ is_within_lookback('raw', source, low_watermark(source)) }}
        offset 0
    ) as raw;
    {%- if raw_key_type(source) == 'text' %}
    -- Keys that were cut are looked for among all rows, as no index knows them.
    insert into {{ extracted }}
    {{ all_raw_rows(source) }}
    where octet_length(raw.{{ key }}) > 512
        and {{ request_key_text(keyed, 'raw') }} <> raw.{{ key }}
        and {{ request_key_text(keyed, 'raw') }} in (
            select published.request_id
            from ({{ published_rows_within_lookback(source) }}) as published
        )
        and not {{ is_within_lookback('raw', source, low_watermark(source)) }}
        and exists (
            select from ({{ published_rows_within_lookback(source) }}) as published
            where length(published.request_id) = 128
        );
    {%- endif %}
{%- endmacro %}

{#
    Extracts a source whose changes are found day by day: the rows of the days that do not say what the
    published build read; where all is compared, and in a full build, all rows. In one statement, which
    sees one state of the rows: what comes meanwhile is the next build's. There is one such source,
    LiteLLM's tag spend, and the tables that hold its days name none.
#}
{% macro extract_changed_days(source, mode) -%}
    {%- set digests = build_relation_named('raw_day_digests') -%}
    {%- set extracted_days = build_relation_named('extracted_days') -%}
    {%- set published = serving_relation('publication_raw_day_digests') -%}
    {%- set extracted = extracted_relation(source.name) -%}
    create table if not exists {{ digests }} (day date, digest numeric);
    truncate {{ digests }};
    {%- if mode == 'full' %}
    insert into {{ extracted }} {{ all_raw_rows(source) }};
    insert into {{ digests }} {{ raw_day_digests(extracted) }};
    {%- else %}
    with

    days as materialized (
        {{ raw_day_digests('(' ~ all_raw_rows(source) ~ ')') }}
    ),

    digested as (
        insert into {{ digests }} select day, digest from days
    ),

    changed as materialized (
        {%- if mode == 'reconcile' %}
        select day from days
        union distinct
        select day from {{ serving_relation('fct_daily_tag_usage') }}
        {%- else %}
        select day
        from (
            (select day, digest from days except select day, digest from {{ published }})
            union all
            (select day, digest from {{ published }} except select day, digest from days)
        ) as differing
        group by day
        {%- endif %}
    ),

    noted as (
        insert into {{ extracted_days }} select {{ sql_text(source.system) }}, day from changed
    ),

    -- Which day a text names is asked once for each text; none and the empty one name none.
    changed_texts as (
        select coalesce(day_text.date, '') as day_text
        from (select distinct date from {{ source.relation }}) as day_text
        inner join changed
            on coalesce({{ calendar_date('day_text.date') }}, 'infinity')
            = coalesce(changed.day, 'infinity')
    )

    insert into {{ extracted }}
    {{ all_raw_rows(source) }}
    where coalesce(raw.date, '') in (select day_text from changed_texts);
    analyze {{ extracted_days }};
    {%- endif %}
{%- endmacro %}

{#
    A query for the days of a source whose changes are found day by day, and a digest of all that their
    rows say, and of what else decides which row of the mart they are added to: the owners of keys.
    Rows that name no day are those of the day NULL.
#}
{% macro raw_day_digests(relation) -%}
    {%- set tokens = read_function('litellm__verification_tokens') -%}
    select
        {{ calendar_date('day_text') }} as day,
        sum(digest) as digest
    from (
        select
            raw.date as day_text,
            sum(hashtextextended(concat(raw.*, ' ', token.user_id), 0)) as digest
        from {{ relation }} as raw
        left join {{ tokens }}() as token
            on raw.api_key = token.token
        group by raw.date
    ) as text_of_day
    group by 1
{%- endmacro %}

{# How an extracted row of a source is named among requests: columns of a query for it. #}
{% macro extracted_request_key(source) -%}
    {{ sql_text(source.system) }} collate "C" as source_system,
        {{ sql_text(source.request_kind) }} collate "C" as request_kind,
        {{ request_key_text(keyed_source(source.name), 'extracted') }} collate "C" as request_id,
        {{ time_in_key(keyed_source(source.name), 'extracted') }} as requested_at
{%- endmacro %}

{# Extracted rows of a source that the published build did not count, or not as they are now. #}
{% macro newly_extracted_rows(source) -%}
    select extracted.*
    from {{ extracted_relation(source.name) }} as extracted
    where not exists (
        select from {{ serving_relation('publication_extracted_rows') }} as remembered
        where remembered.source_name = {{ sql_text(source.name) }}
            and remembered.row_digest = {{ row_digest('extracted') }}
    )
{%- endmacro %}

{#
    Of sources that tell when a row changed: the rows that this build counted and the next one looks back
    on. It extracts them again, and need not count their days again while they say the same.
#}
{% macro record_extracted_digests() -%}
    {%- set remembered = build_relation_named('extracted_digests') -%}
    drop table if exists {{ remembered }};
    create table {{ remembered }} (source_name text collate "C", row_digest uuid);
    {%- for source in extracted_sources() if not source.is_event_time %}
    insert into {{ remembered }}
    select {{ sql_text(source.name) }}, {{ row_digest('raw') }}
    {%- if build_mode() == 'incremental' %}
    from {{ extracted_relation(source.name) }} as raw;
    {%- else %}
    from ({{ all_raw_rows(source) }}) as raw
    where {{ is_within_lookback('raw', source, next_low_watermark(source)) }};
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{# A digest of all that a raw row says, whatever the types of its columns. #}
{% macro row_digest(row) -%}
    cast(md5(cast({{ row }}.* as text)) as uuid)
{%- endmacro %}
