{#
    History outlives the log: what was published and has left its source by age stays. A mart of events
    says under config.meta.archive where its rows come from:
      time      the column of the event's time
      source    the raw table (system.table), and key, the column that holds its key as text; of the
                mart of requests `requests`: the raw tables whose rows are requests, told by kind
      unit      `day` where the mart has days of the raw table and not its rows
      boundary_of   the mart whose boundary it shares
      repriced_by   the model that prices its archived rows anew
    A published row whose raw row is gone is archived if it is older than the boundary of its raw table:
    what its retention says (var source_retention), or else, in doubt, the first day of which none is
    missing. Later ones were deleted one by one, and are gone. The boundary only moves forward.
#}
{% macro archive_sources(node) -%}
    {%- set archive = node.config.meta.get('archive') -%}
    {%- set sources = [] -%}
    {%- if archive and archive.source == 'requests' -%}
        {%- for source in tracked_sources() if source.request_kind -%}
            {%- do sources.append({
                'name': source.system ~ '.' ~ source.table,
                'condition': 'published.source_system = ' ~ sql_text(source.system)
                    ~ ' and published.request_kind = ' ~ sql_text(source.request_kind),
                'still_there': raw_request_exists(source),
                'is_event_time': source.is_event_time,
                'tracked': source,
            }) -%}
        {%- endfor -%}
    {%- elif archive -%}
        {%- set node_of_source = graph.sources.values()
            | selectattr('source_name', 'equalto', archive.source.split('.')[0])
            | selectattr('name', 'equalto', archive.source.split('.')[1]) | first -%}
        {%- if node_of_source -%}
            {%- do sources.append({
                'name': archive.source,
                'condition': 'published.source_system = ' ~ sql_text(node_of_source.source_name),
                'still_there': 'exists (select from ' ~ build_relation_named('raw_day_digests')
                    ~ ' as raw where raw.day = published.' ~ archive.time ~ ')'
                    if archive.get('unit') == 'day'
                    else raw_row_exists(
                        raw_relation(node_of_source), node_of_source.config.meta.key, archive.key
                    ),
                'is_event_time': false,
                'tracked': none,
            }) -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(sources) }}
{%- endmacro %}

{# SQL that is true of a published row whose raw row is still there; an index of its key tells. #}
{% macro raw_row_exists(relation, key, column) -%}
    exists (
        select from {{ relation }} as raw
        where raw.{{ adapter.quote(key) }}
            = cast(published.{{ column }} as {{ raw_key_type({'relation': relation, 'key': key}) }})
    )
{%- endmacro %}

{#
    SQL that is true of a published request whose raw row is still there. Of a source that tells no time of
    update another time of its key is another request. Keys that were cut are in no index.
#}
{% macro raw_request_exists(source) -%}
    {%- set key = adapter.quote(source.key) -%}
    {%- set data_type = raw_key_type(source) -%}
    exists (
        select from {{ source.relation }} as raw
        where raw.{{ key }} = cast(published.request_id as {{ data_type }})
            {%- if source.is_event_time %}
            and {{ source_instant(source.system, 'raw.' ~ source.event_column) }}
                is not distinct from published.requested_at
            {%- endif %}
    )
    {%- if data_type == 'text' %}
    or length(published.request_id) = 128 and published.request_id in (
        select {{ source_text('raw.' ~ key) }} from {{ source.relation }} as raw
        where octet_length(raw.{{ key }}) > 512
    )
    {%- endif %}
{%- endmacro %}

{# Where the archived rows of a mart lie, in the history schema, which no build makes anew. #}
{% macro archived_relation(mart_name) -%}
    {{ return(api.Relation.create(schema=warehouse_schema('history'), identifier='archived_' ~ mart_name)) }}
{%- endmacro %}

{# Columns of a mart of events, as its properties file has them. #}
{% macro archived_columns(mart_name) -%}
    {%- set columns = [] -%}
    {%- for node in (graph.nodes.values() if execute else [])
        if node.resource_type == 'model' and node.name == mart_name -%}
        {%- do columns.extend(node.columns.values()) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#
    A query for the archived rows of a mart, in its columns; those that came later are null. A build that
    looks at changes only leaves them as they are published: none. Another engine archives nothing.
#}
{% macro archived_rows(mart_name) -%}
    {{ return(adapter.dispatch('archived_rows', 'usage_warehouse')(mart_name)) }}
{%- endmacro %}

{% macro default__archived_rows(mart_name, archived=none) -%}
    {%- set existing = existing_columns(archived) | map(attribute='name') | list if archived else [] %}
    select
        {%- for column in archived_columns(mart_name) %}
        {{ column.name if column.name in existing
            else 'cast(null as ' ~ api.Column.translate_type(column.data_type) ~ ') as ' ~ column.name }}
        {{- ',' if not loop.last }}
        {%- else %}
        1 as nothing
        {%- endfor %}
    {{ 'from ' ~ archived if existing else 'where 1 = 0' }}
{%- endmacro %}

{% macro postgres__archived_rows(mart_name) -%}
    {%- set is_read = execute and build_mode() != 'incremental' and not flags.EMPTY
        and model.resource_type != 'unit_test' -%}
    {{ return(usage_warehouse.default__archived_rows(
        mart_name, archived_relation(mart_name) if is_read else none
    )) }}
{%- endmacro %}

{#
    An archived request as it was before it was priced: the columns of request_columns. Its tokens are those
    that were priced, and its model is the raw one, which models are named by.
#}
{% macro request_of_archived_row(row) -%}
    {%- set made = {
        'raw_model': 'case when ' ~ row ~ '.has_model then ' ~ row ~ '.model end',
        'reported_cost_precision': 'case when ' ~ row ~ ".cost_source = 'reported' then " ~ row
            ~ '.cost_precision end',
    } -%}
    {%- for name, column in request_columns().items() %}
        {{ 'cast(' ~ made[name] ~ ' as ' ~ column.type ~ ')' if name in made else row ~ '.' ~ name }} as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#
    An archived request in the columns of fct_requests. The price book of today says nothing of what has left
    its source: only what overrides it does, and what the source system's own list said at the time,
    corrections included.
#}
{% macro repriced_archived_row(row, priced) -%}
    {%- set decided = [
        'cost_source', 'price_source', 'price_provider', 'price_model', 'price_processing',
        'cost_precision', 'is_priced', 'computed_cost_usd', 'cost_usd', 'list_cost_usd', 'savings_usd',
        'avoided_cost_usd',
    ] -%}
    {%- for column in archived_columns('fct_requests') %}
        {%- if column.name in decided %}
        case
            when {{ priced }}.price_source in ('price_override', 'model_config')
                or {{ row }}.price_source = 'price_override'
                then {{ priced }}.{{ column.name }}
            else {{ row }}.{{ column.name }}
        end as {{ column.name }}
        {%- else %}
        {{ row }}.{{ column.name }}
        {%- endif %}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# A table of the history schema. #}
{% macro history_relation(name) -%}
    {{ return(api.Relation.create(schema=warehouse_schema('history'), identifier=name)) }}
{%- endmacro %}

{#
    The tables of the archive that no mart has of its own: until when each raw table is archived, and what
    of the archive was erased; and a copy of the former in the build schema, which this build moves on.
#}
{% macro ensure_archive_tables() -%}
    {%- set boundaries = history_relation('archive_boundaries') -%}
    {%- set moved = build_relation_named('archive_boundaries') -%}
    create schema if not exists {{ adapter.quote(warehouse_schema('history')) }};
    create table if not exists {{ boundaries }} (
        source_name text collate "C" primary key,
        archived_before date not null,
        is_in_doubt boolean not null,
        moved_at timestamptz not null default statement_timestamp()
    );
    comment on table {{ boundaries }} is 'One row per raw table of events that lost rows by age: what is '
        'published of earlier days and gone from it is archived. In doubt where its retention is unknown.';
    create table if not exists {{ history_relation('archive_erasures') }} (
        source_name text collate "C" not null,
        month date,
        user_id text collate "C",
        erased_at timestamptz not null default statement_timestamp()
    );
    comment on table {{ history_relation('archive_erasures') }} is 'One row per month (null: all) and user '
        '(null: all) of a raw table whose archived rows were erased.';
    create table if not exists {{ moved }} (
        source_name text collate "C" primary key, archived_before date, is_in_doubt boolean
    );
    truncate {{ moved }};
    insert into {{ moved }} select source_name, archived_before, is_in_doubt from {{ boundaries }};
{%- endmacro %}

{#
    Makes the table of archived rows where it is missing. Rows that were archived before a column came
    have none of it.
#}
{% macro ensure_archive_of(mart_name, columns) -%}
    {%- set archived = archived_relation(mart_name) -%}
    create table if not exists {{ archived }} (
        archived_at timestamptz not null default statement_timestamp(),
        is_in_doubt boolean not null
    );
    {%- set existing = existing_columns(archived) | map(attribute='name') | list %}
    {%- for column in columns if column.name not in existing %}
    alter table {{ archived }} add column if not exists
        {{ adapter.quote(column.name) }} {{ column.data_type }}
        {{- ' collate "C"' if column.is_text }};
    {%- endfor %}
{%- endmacro %}

{#
    A select list: a row of another table as a row of the calling mart. A column that it does not have is
    null, or says unknown where the mart lets no null stand.
#}
{% macro as_mart_row(row, columns, existing) -%}
    {%- for column in columns %}
        {%- set type = column.data_type | lower -%}
        {%- set nothing = 'null' if not column.is_not_null
            else "'unknown'" if column.is_text
            else 'false' if type == 'boolean'
            else '0' if type == 'bigint' or type.startswith('numeric') or type.startswith('decimal')
            else 'null' %}
        {%- if column.name == 'is_archived' %}
        true
        {%- elif column.name in existing and nothing != 'null' %}
        coalesce(cast({{ row }}.{{ adapter.quote(column.name) }} as {{ column.data_type }}), {{ nothing }})
        {%- elif column.name in existing %}
        cast({{ row }}.{{ adapter.quote(column.name) }} as {{ column.data_type }})
        {%- else %}
        cast({{ nothing }} as {{ column.data_type }})
        {%- endif %} as {{ adapter.quote(column.name) }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# SQL that is true of two rows of one key, or of one day where the archive keeps days. #}
{% macro is_same_archived(node, row, other) -%}
    {%- set archive = node.config.meta.archive -%}
    {%- set key = ['source_system', archive.time] if archive.get('unit') == 'day'
        else serving_key(node) | list -%}
    {%- for column in key %}
    {{ row }}.{{ column }} = {{ other }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#
    After the rows of a mart of events were made from what its sources hold: adds those that they held,
    and no longer hold by age. `scope` is the part of the published rows that the made ones replace.
#}
{% macro add_archived_rows(made, columns, scope) -%}
    {%- set archive = model.config.meta.archive -%}
    {%- set names = column_list(columns | map(attribute='name')) -%}
    {%- set archived = archived_relation(model.alias) -%}
    {%- set serving = serving_relation(model.alias) -%}
    {%- set day = 'published.' ~ archive.time if archive.get('unit') == 'day'
        else utc_day('published.' ~ archive.time) -%}
    {{ ensure_archive_of(model.alias, columns) }}
    {%- if build_mode() != 'incremental' or model.config.meta.partitioned_by != 'request' %}
    insert into {{ made }} ({{ names }})
    select {{ as_mart_row('kept', columns, columns | map(attribute='name') | list) }}
    from {{ build_relation_named(archive.repriced_by) if 'repriced_by' in archive else archived }} as kept
    where kept.source_system in ({{ quoted_source_systems() }})
        {%- if is_built_by_partition(model) and archive.get('unit') == 'day' %}
        and exists (
            select from {{ partitions_relation(model) }} as affected
            where affected.source_system = kept.source_system and affected.day = kept.day
        )
        {%- endif %}
        and not exists (
            select from {{ made }} as made where {{ is_same_archived(model, 'made', 'kept') }}
        );
    {%- endif %}
    {%- set existing = existing_columns(serving) | map(attribute='name') | list %}
    {%- set key = ['source_system', archive.time] if archive.get('unit') == 'day'
        else serving_key(model) | list %}
    {%- if key | reject('in', existing) | list | length == 0 and archive.time in existing %}
    create temporary table missing on commit drop as
    select published.*
    from {{ scope }} as published
    where {{ day }} between '2000-01-01' and '2099-12-31'
        and published.source_system in ({{ quoted_source_systems() }})
        and not exists (
            select from {{ made }} as made where {{ is_same_archived(model, 'made', 'published') }}
        );
    analyze missing;
    {%- for source in archive_sources(model) %}
    delete from missing as published where {{ source.condition }} and {{ source.still_there }};
    {{ move_archive_boundary(source, day) if not archive.get('boundary_of') }}
    insert into {{ made }} ({{ names }})
    select {{ as_mart_row('published', columns, existing) }}
    from missing as published
    inner join {{ build_relation_named('archive_boundaries') }} as boundary
        on boundary.source_name = {{ sql_text(source.name) }} and {{ day }} < boundary.archived_before
    where {{ source.condition }}
        and not exists (
            select from {{ history_relation('archive_erasures') }} as erased
            where erased.source_name = boundary.source_name
                and coalesce(erased.month = {{ period_start('month', day) }}, true)
                and
                {%- if 'user_id' in existing %} coalesce(erased.user_id = published.user_id,
                    erased.user_id is null)
                {%- else %} erased.user_id is null
                {%- endif %}
        );
    {%- endfor %}
    drop table missing;
    {%- endif %}
{%- endmacro %}

{#
    Moves on the boundary of a raw table, from the published rows that are missing from it: to where its
    retention says, or behind the oldest days that lost rows. A build that looks back only knows nothing
    of earlier days, but that they are gone where the oldest row of the raw table is none of them.
#}
{% macro move_archive_boundary(source, day) -%}
    {%- set moved = build_relation_named('archive_boundaries') -%}
    {%- set retention = var('source_retention', {}).get(source.name) -%}
    {%- set serving = serving_relation(model.alias) %}
    insert into {{ moved }} as archive_boundaries (source_name, archived_before, is_in_doubt)
    {%- if retention %}
    select
        {{ sql_text(source.name) }},
        cast(now() at time zone 'UTC' - interval {{ sql_text(retention) }} as date) + 1,
        false
    where exists (
        select from missing as published
        where {{ source.condition }}
            and {{ day }} <= cast(now() at time zone 'UTC' - interval {{ sql_text(retention) }} as date)
    )
    {%- else %}
    select {{ sql_text(source.name) }}, archived_before, true
    from (
        select
            coalesce(
                (
                    select min(kept.day)
                    from (
                        select distinct {{ day }} as day
                        from {{ serving }} as published
                        where {{ source.condition }}
                            {%- if build_mode() == 'incremental' and source.is_event_time %}
                            and (
                                published.{{ model.config.meta.archive.time }} >= timezone(
                                    {{ sql_text(source_time_zone(source.tracked.system)) }},
                                    {{ low_watermark(source.tracked) }}
                                )
                                or exists (
                                    select from {{ source.tracked.relation }} as raw
                                    where raw.{{ source.tracked.event_column }}
                                        < {{ low_watermark(source.tracked) }}
                                )
                            )
                            {%- endif %}
                    ) as kept
                    where kept.day <= '2099-12-31'
                        and kept.day >= coalesce((
                            select boundary.archived_before from {{ moved }} as boundary
                            where boundary.source_name = {{ sql_text(source.name) }}
                        ), '2000-01-01')
                        and kept.day not in (
                            select {{ day }} from missing as published where {{ source.condition }}
                        )
                ),
                max({{ day }}) + 1
            ) as archived_before,
            min({{ day }}) as first_missing
        from missing as published
        where {{ source.condition }}
    ) as found
    where first_missing < archived_before
    {%- endif %}
    on conflict (source_name) do update
        set archived_before = greatest(
                excluded.archived_before, archive_boundaries.archived_before
            ),
            is_in_doubt = excluded.is_in_doubt;
{%- endmacro %}

{# While publishing: the archive of each mart of events is the archived rows that readers see. #}
{% macro record_archive(marts) -%}
    {%- for mart in marts if mart.node.config.meta.get('archive') and mart.is_made %}
    {%- set archive = mart.node.config.meta.archive %}
    {%- set names = column_list(mart.columns | map(attribute='name')) %}
    {%- set archived = archived_relation(mart.name) %}
    {%- set rows = mart.serving if not builds_partitions() else built_rows(mart.name) %}
    {{ ensure_archive_of(mart.name, mart.columns) }}
    delete from {{ archived }} as kept
    using {{ rows }} as made
    where {{ is_same_archived(mart.node, 'kept', 'made') }} and not made.is_archived;
    insert into {{ archived }} (is_in_doubt, {{ names }})
    select
        coalesce((
            select bool_or(boundary.is_in_doubt)
            from {{ build_relation_named('archive_boundaries') }} as boundary
            where boundary.source_name in ({{ quoted_archive_sources(mart.node) }})
                and split_part(boundary.source_name, '.', 1) = made.source_system
        ), true),
        {{ names }}
    from {{ rows }} as made
    where made.is_archived
        and not exists (
            select from {{ archived }} as kept where {{ is_same_archived(mart.node, 'kept', 'made') }}
        );
    {%- endfor %}
    insert into {{ history_relation('archive_boundaries') }} (source_name, archived_before, is_in_doubt)
    select source_name, archived_before, is_in_doubt
    from {{ build_relation_named('archive_boundaries') }}
    on conflict (source_name) do update
        set archived_before = excluded.archived_before,
            is_in_doubt = excluded.is_in_doubt,
            moved_at = statement_timestamp()
        where archive_boundaries.archived_before <> excluded.archived_before
            or archive_boundaries.is_in_doubt <> excluded.is_in_doubt;
{%- endmacro %}

{# Names of the raw tables of a mart of events, as SQL literals. #}
{% macro quoted_archive_sources(node) -%}
    {%- set names = ["''"] -%}
    {%- for source in archive_sources(node) -%}
        {%- do names.append(sql_text(source.name)) -%}
    {%- endfor -%}
    {{ return(names | join(', ')) }}
{%- endmacro %}

{# Source systems as SQL literals: those that are built, unless others are given; '' where there are none. #}
{% macro quoted_source_systems(systems=none) -%}
    {%- set names = [] -%}
    {%- for system in enabled_source_systems() if systems is none or system in systems -%}
        {%- do names.append(sql_text(system)) -%}
    {%- endfor -%}
    {{ return(names | join(', ') or "''") }}
{%- endmacro %}

{#
    Published requests as models read them: through a function with a text body, so that a table of the
    serving schema may be replaced. No rows in unit tests, and where nothing is published yet.
#}
{% macro published_requests() -%}
    {%- if execute and target.type == 'postgres' and model.resource_type != 'unit_test' -%}
        select * from {{ build_relation_named('read_published_requests') }}()
    {%- else -%}
        select
            {%- for column in published_request_columns() %}
            cast(null as {{ dbt.type_string() }}) as {{ column.name }}{{ ',' if not loop.last }}
            {%- endfor %}
        where 1 = 0
    {%- endif -%}
{%- endmacro %}

{# What models read of published requests: all of it texts. #}
{% macro published_request_columns() -%}
    {%- set columns = [] -%}
    {%- for name in [
        'source_system', 'request_kind', 'request_id', 'first_call_id', 'modality', 'provider',
    ] -%}
        {%- do columns.append({'name': name, 'quoted': name, 'data_type': 'text'}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{# Makes the function behind published_requests. #}
{% macro ensure_published_requests() -%}
    {%- set names = published_request_columns() | map(attribute='name') | join(', ') -%}
    {%- set serving = serving_relation('fct_requests') -%}
    {%- set nothing -%}
        select null, null, null, null, null, null where false
    {%- endset -%}
    {{ ensure_reading_function(
        build_relation_named('read_published_requests'),
        published_request_columns(),
        ('select ' ~ names ~ ' from ' ~ serving) if existing_columns(serving) else nothing
    ) }}
{%- endmacro %}
