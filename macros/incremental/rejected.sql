{#
    Raw tables whose rows have a key (config.meta.key), as dictionaries: those of tracked_sources, and of
    the others the same names. event is the column that belongs to the key, too (of requests their time,
    of tag spend its day), or none; `ordered_by` the column by which the source orders the rows of a key.
#}
{% macro keyed_sources(source_name=none) -%}
    {%- set keyed = [] -%}
    {%- set tracked = {} -%}
    {%- for source in tracked_sources() -%}
        {%- do tracked.update({source.name: source}) -%}
    {%- endfor -%}
    {%- for node in raw_sources() if node.config.meta.get('key')
        and source_name in (none, node.source_name ~ '__' ~ node.name) -%}
        {%- set meta = node.config.meta -%}
        {%- set name = node.source_name ~ '__' ~ node.name -%}
        {%- set event = meta.get('event_column', meta.get('cursor_column')) -%}
        {%- set measured = {'usd': [], 'cents': [], 'count': []} -%}
        {%- set measured_json = [] -%}
        {%- for column in node.columns.values() -%}
            {%- if column.config.meta.get('unit') in measured -%}
                {%- do measured[column.config.meta.unit].append(adapter.quote(column.name)) -%}
            {%- endif -%}
            {%- for json_key, unit in column.config.meta.get('measures', {}).items() -%}
                {%- do measured_json.append(
                    {'column': adapter.quote(column.name), 'key': json_key, 'unit': unit}
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set source = dict(tracked[name] if name in tracked else {
            'name': name, 'system': node.source_name, 'table': node.name,
            'relation': raw_relation(node), 'columns': raw_columns(node), 'is_read_in_full': true,
            'is_extracted_by_day': false,
        }) -%}
        {%- do source.update({
            'key_column': adapter.quote(meta.key),
            'key_name': meta.key,
            'has_uuid_key': node.columns[meta.key].data_type == 'uuid',
            'is_request': 'request_kind' in meta,
            'event': adapter.quote(event) if event and 'day_column' not in meta else none,
            'day_text': adapter.quote(meta.day_column) if 'day_column' in meta else none,
            'time_name': meta.day_column if 'day_column' in meta else event if 'request_kind' in meta else '',
            'ordered_by': adapter.quote(meta.get('cursor_column') or meta.ordered_by),
            'measured': measured,
            'measured_json': measured_json,
            'needs_time': meta.get('needs_time', false),
            'tenant': {
                'organization_id': meta.get('organization_column'),
                'project_id': meta.get('project_column'),
            },
        }) -%}
        {%- do keyed.append(source) -%}
    {%- endfor -%}
    {{ return(keyed) }}
{%- endmacro %}

{# The keyed source of that name (system__table), or nothing. #}
{% macro keyed_source(source_name) -%}
    {{ return(keyed_sources(source_name) | first) }}
{%- endmacro %}

{#
    Which rows of a keyed source may have the key of another one: `none` where a unique index of the raw
    table says so, `untimed` where one holds the key unique together with the time (times that count as
    none are alike), else `all`. A row without a key is told apart.
#}
{% macro repeated_rows(source) -%}
    {%- set query -%}
        select
            coalesce(bool_or(columns <@ array[{{ sql_text(source.key_name) }}]), false) as by_key,
            coalesce(
                bool_or(columns <@ array[{{ sql_text(source.key_name) }}, {{ sql_text(source.time_name) }}]),
                false
            ) as by_both
        from (
            select array_agg(cast(attribute.attname as text)) as columns
            from pg_catalog.pg_index as index
            inner join pg_catalog.pg_attribute as attribute
                on index.indrelid = attribute.attrelid
                and attribute.attnum = any(cast(index.indkey as smallint[]))
            where index.indrelid = to_regclass({{ sql_text(source.relation) }})
                and index.indisunique and index.indisvalid
                and index.indpred is null and index.indexprs is null
            group by index.indexrelid
        ) as unique_index
    {%- endset -%}
    {%- set found = run_query(query).rows[0] if execute else {} -%}
    {{ return('none' if found.by_key else 'untimed' if found.by_both else 'all') }}
{%- endmacro %}

{# What belongs to the key of a row beside the key itself: its time, its day, or nothing. #}
{% macro time_in_key(source, row) -%}
    {%- if source.is_request -%}
        {{ source_instant(source.system, row ~ '.' ~ source.event) }}
    {%- elif source.day_text -%}
        {{ row }}.{{ source.day_text }}
    {%- else -%}
        cast(null as {{ instant_type() }})
    {%- endif -%}
{%- endmacro %}

{# All that is read of a raw row, as one text. #}
{% macro row_text(source, row) -%}
    cast(row({% for column in source.columns %}{{ row }}.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %}) as text) collate "C"
{%- endmacro %}

{#
    A query for the rows of a keyed source that count: each with a key, and one of each key (and time):
    the newest in the source's own order, of equally new ones that which sorts last. `rows` is what they
    are taken from. Only rows of keys that are repeated are compared.
#}
{% macro kept_rows(source, rows, repeated) -%}
    {%- if not source -%}
        {{ return('select * from ' ~ rows) }}
    {%- endif -%}
    {%- set names = source.columns | map(attribute='quoted') | join(', ') -%}
    {%- if repeated == 'none' -%}
    select {{ names }} from {{ rows }} as kept where kept.{{ source.key_column }} is not null
    {%- else -%}
    with

    repeated as ({{ repeated_keys(source, rows, repeated) }})

    select {{ names }}
    from {{ rows }} as kept
    where kept.{{ source.key_column }} is not null
        and not exists (select from repeated where {{ has_repeated_key(source, 'kept') }})
    union all
    (
        select distinct on (repeated.row_key, repeated.event_at)
            {% for column in source.columns %}kept.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %}
        from {{ rows }} as kept
        inner join repeated on {{ has_repeated_key(source, 'kept') }}
        order by
            repeated.row_key, repeated.event_at,
            kept.{{ source.ordered_by }} desc nulls last, {{ row_text(source, 'kept') }} desc
    )
    {%- endif -%}
{%- endmacro %}

{# A query for the keys (and times) that more than one row has. #}
{% macro repeated_keys(source, rows, repeated) -%}
    select keyed.{{ source.key_column }} as row_key, {{ time_in_key(source, 'keyed') }} as event_at
    from {{ rows }} as keyed
    where keyed.{{ source.key_column }} is not null
        {%- if repeated == 'untimed' %} and {{ time_in_key(source, 'keyed') }} is null{% endif %}
    group by 1, 2
    having count(*) > 1
{%- endmacro %}

{# Whether a row has a key of `repeated`. #}
{% macro has_repeated_key(source, row) -%}
    repeated.row_key = {{ row }}.{{ source.key_column }}
    and repeated.event_at is not distinct from {{ time_in_key(source, row) }}
{%- endmacro %}

{#
    The table of what this build found: raw rows that it rejected, copies, and rows that it kept and
    marked. One row for each raw row (equal ones together) and issue.
#}
{% macro ensure_row_issues_table() -%}
    create table if not exists {{ build_relation_named('row_issues') }} (
        source_name text collate "C" not null,
        row_key text collate "C",
        issue text collate "C" not null,
        raw_organization_id text collate "C",
        raw_project_id text collate "C",
        event_at {{ instant_type() }},
        raw_rows bigint not null,
        preview text collate "C",
        row_digest text collate "C" not null
    );
    truncate {{ build_relation_named('row_issues') }};
{%- endmacro %}

{#
    Writes down what is wrong with the rows of a keyed source. Of those that a build did not read what is
    published stands.
#}
{% macro record_row_issues(source, rows, repeated) -%}
    {%- set marks = row_marks(source) %}
    insert into {{ build_relation_named('row_issues') }}
    with

    {% if repeated != 'none' -%}
    repeated as ({{ repeated_keys(source, rows, repeated) }}),

    compared as (
        select
            raw.*,
            {{ row_text(source, 'raw') }} as row_text,
            first_value({{ row_text(source, 'raw') }}) over newest as kept_text,
            row_number() over newest as place
        from {{ rows }} as raw
        inner join repeated on {{ has_repeated_key(source, 'raw') }}
        window newest as (
            partition by repeated.row_key, repeated.event_at
            order by raw.{{ source.ordered_by }} desc nulls last, {{ row_text(source, 'raw') }} desc
        )
    ),
    {%- endif %}

    found as (
        select 'no_key' as issue, {{ issue_columns(source, 'raw') }}
        from {{ rows }} as raw
        where raw.{{ source.key_column }} is null
        {%- if repeated != 'none' %}
        union all
        select
            case when raw.row_text = raw.kept_text then 'copy' else 'superseded' end as issue,
            {{ issue_columns(source, 'raw') }}
        from compared as raw
        where raw.place > 1
        {%- endif %}
        {%- if marks %}
        union all
        select mark.issue, {{ issue_columns(source, 'marked', 'mark.preview') }}
        from ({{ kept_rows(source, rows, repeated) }}) as marked
        cross join lateral (
            select distinct on (issue) issue, preview
            from (
                values
                {%- for issue, condition, column in marks %}
                ({{ sql_text(issue) }}, {{ condition }},
                    {{ sql_text(column | replace('"', '') ~ ': ') }} || left(cast(marked.{{ column }} as text), 160))
                {{- ',' if not loop.last }}
                {%- endfor %}
            ) as looked_for (issue, is_found, preview)
            where is_found
            order by issue, preview
        ) as mark
        where {% for issue, condition, column in marks %}({{ condition }}){{ ' or ' if not loop.last }}{% endfor %}
        {%- endif %}
    )

    select
        {{ sql_text(source.name) }}, row_key, issue, raw_organization_id, raw_project_id, event_at,
        count(*), preview, row_digest
    from found
    group by row_key, issue, raw_organization_id, raw_project_id, event_at, preview, row_digest;
{%- endmacro %}

{#
    What a kept row is marked for: issue, condition on the row `marked`, the column at fault. Of one that
    needs a time and has none the row is in no mart.
#}
{% macro row_marks(source) -%}
    {%- set marks = [] -%}
    {%- for column in source.measured.usd -%}
        {%- set amount = 'cast(marked.' ~ column ~ ' as double precision)' -%}
        {%- set no_numbers = "('NaN', 'Infinity', '-Infinity')" -%}
        {%- do marks.append(['amount_not_a_number', amount ~ ' in ' ~ no_numbers, column]) -%}
        {%- do marks.append(['amount_too_large',
            'abs(' ~ amount ~ ') >= 1e12 and ' ~ amount ~ ' not in ' ~ no_numbers, column]) -%}
        {%- do marks.append(['amount_negative', amount ~ ' < 0 and ' ~ amount ~ ' > -1e12', column]) -%}
    {%- endfor -%}
    {%- for unit, kind, limit in [('cents', 'amount', '1e14'), ('count', 'count', '1e15')] -%}
        {%- for column in source.measured[unit] -%}
            {%- set number = 'cast(marked.' ~ column ~ ' as numeric)' -%}
            {%- do marks.append([kind ~ '_too_large', 'abs(' ~ number ~ ') >= ' ~ limit, column]) -%}
            {%- do marks.append([kind ~ '_negative', number ~ ' < 0 and ' ~ number ~ ' > -' ~ limit, column]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for measure in source.measured_json -%}
        {%- set json = 'marked.' ~ measure.column -%}
        {%- set is_there -%}
            coalesce(jsonb_typeof({{ json }} -> {{ sql_text(measure.key) }}), 'null') <> 'null'
        {%- endset -%}
        {%- if measure.unit == 'count' -%}
            {%- set count = json_token_count(json, [measure.key]) -%}
            {%- do marks.append(['count_unreadable', is_there ~ ' and (' ~ count ~ ') is null', measure.column]) -%}
            {%- do marks.append(['count_negative', '(' ~ count ~ ') < 0', measure.column]) -%}
        {%- else -%}
            {%- set amount = json_usd(json, measure.key) -%}
            {%- set is_zero -%}
                {{ json }} ->> {{ sql_text(measure.key) }} ~ '^[+-]?0+([.]0*)?([eE][+-]?[0-9]+)?$'
            {%- endset -%}
            {%- do marks.append(['amount_unreadable',
                is_there ~ ' and ' ~ amount ~ ' = 0 and not (' ~ is_zero ~ ')', measure.column]) -%}
            {%- do marks.append(['amount_negative', amount ~ ' < 0', measure.column]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if source.event -%}
        {%- set time = 'marked.' ~ source.event -%}
        {%- set instant = source_instant(source.system, time) -%}
        {%- if source.needs_time -%}
            {%- do marks.append(['no_time', instant ~ ' is null', source.event]) -%}
        {%- else -%}
            {%- do marks.append(['time_out_of_range', time ~ ' is not null and ' ~ instant ~ ' is null',
                source.event]) -%}
        {%- endif -%}
        {%- do marks.append(['time_in_the_future', instant ~ ' > ' ~ instant_of_reading(), source.event]) -%}
    {%- endif -%}
    {%- for column in source.columns if column.data_type == 'text' and column.name not in long_texts() -%}
        {%- set text_value = 'marked.' ~ column.quoted -%}
        {%- do marks.append(['text_too_long',
            'octet_length(' ~ text_value ~ ') > 512 and (length(' ~ text_value
            ~ ') > 512 or octet_length(' ~ text_value ~ ') > 768)', column.quoted]) -%}
    {%- endfor -%}
    {{ return(marks) }}
{%- endmacro %}

{# What is written down of a raw row. #}
{% macro issue_columns(source, row, preview=none) -%}
    {{ request_key_text(source, row) }} collate "C" as row_key,
        {%- for name, column in source.tenant.items() %}
        {{ short_text('cast(' ~ row ~ '.' ~ adapter.quote(column) ~ ' as text)') if column
            else 'cast(null as text)' }} as raw_{{ name }},
        {%- endfor %}
        {{ issue_time(source, row) }} as event_at,
        {{ preview or 'left(' ~ row_text(source, row) ~ ', 200)' }} as preview,
        md5({{ row_text(source, row) }}) as row_digest
{%- endmacro %}

{# The time of a raw row as the marts have it, or the day of tag spend. #}
{% macro issue_time(source, row) -%}
    {%- if source.event -%}
        {{ source_instant(source.system, row ~ '.' ~ source.event) }}
    {%- elif source.day_text -%}
        {{ utc_midnight(calendar_date(row ~ '.' ~ source.day_text)) }}
    {%- else -%}
        cast(null as {{ instant_type() }})
    {%- endif -%}
{%- endmacro %}

{# The key of a raw row as the marts have it. #}
{% macro request_key_text(source, row) -%}
    {%- set text_value = source_text(row ~ '.' ~ source.key_column) -%}
    {{ 'lower(' ~ text_value ~ ')' if source.has_uuid_key else text_value }}
{%- endmacro %}

{# Columns of raw tables that may be long: what people wrote, not what anything is called. #}
{% macro long_texts() -%}
    {{ return(['content', 'initial_code', 'latest_code', 'failed_agents', 'error_messages']) }}
{%- endmacro %}

{# Writes down what is wrong with the rows of the requests that this build read. #}
{% macro record_request_issues() -%}
    {%- for source in keyed_sources() if source.is_request and not is_skipped_source(source, build_mode()) %}
    {{ record_row_issues(
        source,
        extracted_relation(source.name) if build_mode() == 'incremental' else '(' ~ all_raw_rows(source) ~ ')',
        repeated_rows(source)
    ) }}
    {%- endfor %}
{%- endmacro %}

{#
    A query for what is wrong with raw rows: what this build found, and of the rows that it did not read
    what is published.
#}
{% macro row_issues() -%}
    {{ return(adapter.dispatch('row_issues', 'usage_warehouse')()) }}
{%- endmacro %}

{# Another engine rejects no rows. #}
{% macro default__row_issues() -%}
    {{ select_no_rows() }}
{%- endmacro %}

{% macro postgres__row_issues() -%}
    {%- set names = [
        'source_system', 'source_table', 'row_key', 'issue', 'organization_id', 'project_id',
        'event_at', 'raw_rows', 'preview', 'row_digest',
    ] -%}
    select
        split_part(source_name, '__', 1) as source_system,
        substring(source_name from position('__' in source_name) + 2) as source_table,
        row_key,
        issue,
        case
            when split_part(source_name, '__', 1) in ({{ quoted_source_systems(source_systems_that_list('organizations')) }})
                then coalesce(raw_organization_id, '')
            else {{ var_text('default_organization_id') }}
        end as organization_id,
        case
            when split_part(source_name, '__', 1) in ({{ quoted_source_systems(source_systems_that_list('projects')) }})
                then coalesce(raw_project_id, '')
            else {{ var_text('default_project_id') }}
        end as project_id,
        event_at,
        raw_rows,
        preview,
        row_digest
    from {{ build_relation_named('row_issues') }}
    {%- if execute and build_mode() == 'incremental' %}
    union all
    select {{ names | join(', ') }}
    from {{ serving_relation('fct_rejected_rows') }} as published
    where not (issue = 'time_in_the_future' and event_at <= {{ instant_of_reading() }})
        and not coalesce(({{ is_read_again('published') }}), false)
    {%- endif %}
{%- endmacro %}

{# Whether this build read the raw row of a published row of fct_rejected_rows, or would have. #}
{% macro is_read_again(row) -%}
    {%- for source in keyed_sources() if not is_skipped_source(source, build_mode()) -%}
    (
        {{ row }}.source_system = {{ sql_text(source.system) }}
        and {{ row }}.source_table = {{ sql_text(source.table) }}
        {%- if source.is_extracted_by_day %}
        and exists (
            select from {{ build_relation_named('extracted_days') }} as extracted
            where extracted.day is not distinct from {{ utc_day(row ~ '.event_at') }}
        )
        {%- elif source.is_request %}
        and (
            {% if source.is_event_time -%}
            {{ row }}.event_at is null or {{ row }}.event_at >= {{ source_time_of_watermark(source) }}
            {%- else -%}
            {{ row }}.row_key is null
            {%- endif %}
            or exists (
                select from {{ build_relation_named('inc_candidate_requests') }} as candidate
                where candidate.source_system = {{ row }}.source_system
                    and candidate.request_kind = {{ sql_text(source.request_kind) }}
                    and candidate.request_id = {{ row }}.row_key
                    {%- if source.is_event_time %}
                    and candidate.requested_at is not distinct from {{ row }}.event_at
                    {%- endif %}
            )
        )
        {%- endif %}
    )
    {{- ' or ' if not loop.last }}
    {%- else -%} false
    {%- endfor -%}
{%- endmacro %}

{# Notes the days whose raw rows are rejected, copies or marked otherwise than is published. #}
{% macro record_days_of_changed_issues(days) -%}
    {%- set names = 'source_system, source_table, row_key, issue, event_at, raw_rows, row_digest' %}
    insert into {{ days }}
    select distinct source_system, {{ utc_day('event_at') }}
    from (
        (
            select {{ names }} from ({{ row_issues() }}) as found
            except all
            select {{ names }} from {{ serving_relation('fct_rejected_rows') }}
        )
        union all
        (
            select {{ names }} from {{ serving_relation('fct_rejected_rows') }}
            except all
            select {{ names }} from ({{ row_issues() }}) as found
        )
    ) as differing
    where event_at is not null
        and source_table in ({% for source in keyed_sources() if source.is_request or source.event %}{{ sql_text(source.table) }}{{ ', ' if not loop.last }}{% endfor %});
{%- endmacro %}

{#
    The rows of a model, one of each key, the newest; the model itself where the raw table holds the key
    unique whatever the time. For joins by a key that may belong to several requests.
#}
{% macro first_rows_of_keys(model_relation, source_name, key, time_column) -%}
    {%- if not execute or model.resource_type == 'unit_test' or target.type != 'postgres'
        or repeated_rows(keyed_source(source_name)) == 'none' -%}
        {{ return(model_relation) }}
    {%- endif -%}
    (
        select distinct on ({{ key }}) *
        from {{ model_relation }}
        order by {{ key }}, {{ time_column }} desc nulls last
    ) as newest
{%- endmacro %}
