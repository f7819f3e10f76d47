{#
    Rows that no incremental build would look at: they came after the build that read their day, with
    times before the lookback window. Counts tell: a day has more raw rows than were counted of it.

    To count all rows of a large table in every build would be dear, so the counters of the server say
    when to. Each inserted row is in its counter, sooner or later, and among the rows that builds counted;
    by how much the counter is ahead when all is counted (rows that were rolled back, or deleted) is
    written down. Only where it is further ahead than that can rows be missing: a counter that lags
    is never ahead.

    Answers how many rows of which tables are late, and notes what this build knows of its counters.
#}
{% macro late_rows(published, counters) -%}
    {%- set found = [] -%}
    {%- for counter in counters if not is_skipped_source(counter.source, 'incremental') -%}
        {%- set source = counter.source -%}
        {%- set first_day = first_day_looked_at(source, published) -%}
        {%- if first_day and run_query(is_count_due(counter, first_day)).rows[0][0] -%}
            {%- set name = source.relation.schema ~ '.' ~ source.relation.identifier -%}
            {%- do log(
                'Counting the rows of ' ~ name ~ ' before ' ~ first_day
                ~ ', as more were inserted than builds counted', info=true
            ) -%}
            {%- set late = run_query(late_rows_of(source, first_day)).rows[0][0] -%}
            {%- do counter.update({'is_counted': true}) -%}
            {%- if late -%}
                {%- do found.append(late ~ ' of ' ~ name) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#
    How many rows were ever inserted into each source of requests, by the counters of the server (none
    where it does not count: a view, a foreign table). As dictionaries: source, inserted, is_counted (this
    build counts all rows of it). To be read before raw rows are: then a counter is never ahead.
#}
{% macro raw_counters() -%}
    {%- set counters = [] -%}
    {%- if mart_nodes() | selectattr('name', 'equalto', 'fct_cost_reconciliation') | list -%}
        {%- for source in tracked_sources() if source.request_kind -%}
            {%- do counters.append({
                'source': source,
                'inserted': run_query(inserted_rows(source)).rows[0].inserted,
                'is_counted': false,
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(counters) }}
{%- endmacro %}

{# A query for how many rows were ever inserted into a raw table or its partitions, or NULL. #}
{% macro inserted_rows(source) -%}
    select
        case
            when bool_and(part.relkind in ('r', 'p')) and current_setting('track_counts') = 'on'
                then cast(sum(pg_stat_get_tuples_inserted(part.oid)) as bigint)
        end as inserted
    from (
        select to_regclass({{ sql_text(source.relation) }}) as oid
        union
        select relid from pg_partition_tree(to_regclass({{ sql_text(source.relation) }}))
    ) as tree
    inner join pg_catalog.pg_class as part on tree.oid = part.oid
{%- endmacro %}

{# The first day of which this build looks at all rows of a source, as a text; none: it looks at all days. #}
{% macro first_day_looked_at(source, published) -%}
    {%- set begun = '(watermark - interval ' ~ sql_text(source.lookback) ~ ')' -%}
    {%- set query -%}
        select cast({{ audited_day(source.system, begun) }} as text) as day
        from {{ serving_relation('publication_watermarks') }}
        where build_id = {{ sql_text(published.build_id) }}
            and source_name = {{ sql_text(source.name) }}
    {%- endset -%}
    {%- set found = run_query(query).rows -%}
    {{ return(found[0].day | string if found and found[0].day else '') }}
{%- endmacro %}

{# How many rows builds counted of a source, of those days that a condition names. #}
{% macro counted_rows(source, condition='true') -%}
    select coalesce(sum(llm_{{ source.request_kind }}_requests), 0)
    from {{ serving_relation('publication_raw_totals') }}
    where source_system = {{ sql_text(source.system) }} and {{ condition }}
{%- endmacro %}

{#
    Whether a raw row is of the days from a day on (>=), or of those before it (<). In two steps where the
    clock of the source is not that of UTC: an index finds the rows that may be.
#}
{% macro is_of_days(source, comparison, day) -%}
    {%- set event = 'raw.' ~ source.event_column -%}
    {%- set spread = 0 if source_time_zone(source.system) == 'UTC' else 1 -%}
    {%- set edge = day ~ (' - ' if comparison == '>=' else ' + ') ~ spread -%}
    {{ event }} {{ comparison }} {{ edge }}
        and {{ audited_day(source.system, event) }} {{ comparison }} {{ day }}
{%- endmacro %}

{#
    A query for whether rows of a source may be missing: more were inserted than builds counted, or than
    lie where this build looks, by more than was explained. Where the server does not count, they may.
#}
{% macro is_count_due(counter, first_day) -%}
    {%- set source = counter.source -%}
    {%- set event = 'raw.' ~ source.event_column -%}
    {%- set day = 'date ' ~ sql_text(first_day) -%}
    {%- if counter.inserted is none -%}
    select true
    {%- else -%}
    select coalesce(
        (
            select
                {{ counter.inserted }} < noted.inserted
                or {{ counter.inserted }}
                    - ({{ counted_rows(source, 'day < ' ~ day) }})
                    - (
                        select count(*) from {{ source.relation }} as raw
                        where {{ is_of_days(source, '>=', day) }}
                            or {{ event }} is null
                            or ({{ event }} < '2000-01-02' or {{ event }} > '2099-12-30')
                                and {{ audited_day(source.system, event) }} is null
                    ) > noted.unexplained
            from {{ serving_relation('publication_raw_counts') }} as noted
            where noted.source_name = {{ sql_text(source.name) }}
        ),
        true
    )
    {%- endif -%}
{%- endmacro %}

{#
    A query for how many more rows lie on days before the lookback window than were counted of them. Of a
    source that tells when a row changed, rows that changed within the window are looked at anyway.
#}
{% macro late_rows_of(source, first_day) -%}
    {%- set day = 'date ' ~ sql_text(first_day) -%}
    select coalesce(sum(raw_day.rows - coalesce(counted_day.rows, 0)), 0)
    from (
        select {{ audited_day(source.system, 'raw.' ~ source.event_column) }} as day, count(*) as rows
        from {{ source.relation }} as raw
        where {{ is_of_days(source, '<', day) }}
            and {{ audited_day(source.system, 'raw.' ~ source.column) }} < {{ day }}
        group by 1
    ) as raw_day
    left join (
        select day, sum(llm_{{ source.request_kind }}_requests) as rows
        from {{ serving_relation('publication_raw_totals') }}
        where source_system = {{ sql_text(source.system) }} and day < {{ day }}
        group by day
    ) as counted_day on raw_day.day = counted_day.day
    where raw_day.rows > coalesce(counted_day.rows, 0)
{%- endmacro %}

{# Writes down what the counters said when this build began; a build of all rows counts them all. #}
{% macro build_raw_counts_script(mode, counters) -%}
    {%- set counts = build_relation_named('build_raw_counts') %}
    create table if not exists {{ counts }} (
        source_name text collate "C" primary key,
        inserted bigint,
        is_counted boolean not null
    );
    truncate {{ counts }};
    {%- for counter in counters if not is_skipped_source(counter.source, mode) %}
    insert into {{ counts }} values (
        {{ sql_text(counter.source.name) }},
        {{ counter.inserted if counter.inserted is not none else 'null' }},
        {{ 'true' if counter.is_counted or mode != 'incremental' else 'false' }}
    );
    {%- endfor %}
{%- endmacro %}

{#
    After the totals of raw rows were written down: by how much each counter is ahead of them, where all
    rows were counted. A counter that was reset is believed anew.
#}
{% macro record_raw_counts() -%}
    {%- set counts = serving_relation('publication_raw_counts') %}
    create table if not exists {{ counts }} (
        source_name text collate "C" primary key,
        inserted bigint,
        unexplained bigint not null
    );
    comment on table {{ counts }} is 'One row per source of requests: how many rows were ever inserted '
        'by the counter of the server, and how many of them are known not to be there.';
    {%- for source in tracked_sources() if source.request_kind %}
    insert into {{ counts }} as noted (source_name, inserted, unexplained)
    select source_name, inserted, coalesce(inserted, 0) - ({{ counted_rows(source) }})
    from {{ build_relation_named('build_raw_counts') }}
    where source_name = {{ sql_text(source.name) }} and is_counted
    on conflict (source_name) do update set
        inserted = excluded.inserted,
        unexplained = case
            when excluded.inserted >= noted.inserted
                then greatest(noted.unexplained, excluded.unexplained)
            else excluded.unexplained
        end;
    update {{ counts }} as noted set inserted = counted.inserted
    from {{ build_relation_named('build_raw_counts') }} as counted
    where noted.source_name = {{ sql_text(source.name) }}
        and counted.source_name = noted.source_name
        and not counted.is_counted;
    {%- endfor %}
{%- endmacro %}
