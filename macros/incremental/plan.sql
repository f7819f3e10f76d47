{#
    The on-run-start hook of a build: decides how this build reads raw rows, refuses to run beside
    another one, and points the reading views at what shall be read.

    A build is a function of what is published and of the raw rows, never of what an earlier build
    left in the build schema: whatever broke one build, the next is right again.
#}
{% macro begin_build() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%}
        {{ return('') }}
    {%- endif -%}
    {{ return(adapter.dispatch('begin_build', 'usage_warehouse')()) }}
{%- endmacro %}

{# Another engine builds whole marts from all rows; publishing is not its task. #}
{% macro default__begin_build() -%}
    {{ return('') }}
{%- endmacro %}

{% macro postgres__begin_build() -%}
    {%- do run_query('create schema if not exists ' ~ adapter.quote(warehouse_schema('build'))) -%}
    {%- set refusal = reason_not_to_begin() -%}
    {%- if refusal -%}
        {{ exceptions.raise_compiler_error(refusal) }}
    {%- endif -%}
    {%- set published = newest_publication() -%}
    {%- set reason = reason_for_full_build(published) -%}
    {%- if skips_unchanged() -%}
        {%- set reason = reason or reason_nothing_can_be_skipped(published) -%}
        {%- if reason -%}
            {{ exceptions.raise_compiler_error(
                'The changes alone cannot be built: ' ~ reason ~ '. Nothing was built; run '
                ~ 'usage-warehouse build --full-refresh.'
            ) }}
        {%- endif -%}
    {%- endif -%}
    {%- set refusal = reason_not_to_build_a_part() -%}
    {%- if refusal -%}
        {{ exceptions.raise_compiler_error(refusal) }}
    {%- endif -%}
    {%- set counters = [] if flags.EMPTY else raw_counters() -%}
    {%- set late = [] if reason or var('reconcile', false) else late_rows(published, counters) -%}
    {%- if late and skips_unchanged() -%}
        {{ exceptions.raise_compiler_error(
            '[LATE_ROWS] Rows came with times before the lookback window (' ~ late | join(', ')
            ~ '), so that all raw rows have to be compared. Nothing was built; run usage-warehouse '
            ~ 'build --reconcile.'
        ) }}
    {%- endif -%}
    {%- set mode = 'full' if reason else (
        'reconcile' if late or var('reconcile', false) else 'incremental'
    ) -%}
    {%- set mode = 'empty' if flags.EMPTY else mode -%}
    {%- set refusal = reason_to_refuse_sources(mode, published) if mode != 'empty' -%}
    {%- if refusal -%}
        {{ exceptions.raise_compiler_error(refusal) }}
    {%- endif -%}
    {%- do log(
        'Building ' ~ {
            'full': 'all marts from all raw rows: ' ~ reason,
            'reconcile': 'what differs between all raw rows and what readers see',
            'incremental': 'what raw rows changed since the build that readers see',
            'empty': 'all marts without rows (--empty): nothing will be published',
        }[mode]
        ~ (', as rows came with times before the lookback window: ' ~ late | join(', ') if late else ''),
        info=true
    ) -%}
    {{ return(build_plan_script(mode, published) ~ build_raw_counts_script(mode, counters)) }}
{%- endmacro %}

{#
    Writes down the plan of this build, and how far each watched source reaches now: rows that come
    later are the next build's, which looks back from here. A source that is left unread reaches as
    far as it did, and what staging reads of a small one stands. A build without rows looks at none.
#}
{% macro build_plan_script(mode, published) -%}
    {%- set plan = build_relation_named('build_plan') -%}
    {%- set days = build_relation_named('candidate_days') -%}
    {%- set extracted_days = build_relation_named('extracted_days') -%}
    {%- set watermarks = build_relation_named('build_watermarks') -%}
    create table if not exists {{ plan }} (
        build_id text collate "C" not null,
        mode text collate "C" not null,
        base_build_id text collate "C",
        project_fingerprint text collate "C" not null
    );
    create table if not exists {{ watermarks }} (
        source_name text collate "C" primary key,
        low_watermark timestamp,
        high_watermark timestamp
    );
    create table if not exists {{ days }} (source_system text collate "C", day date);
    create table if not exists {{ extracted_days }} (source_system text collate "C", day date);
    {{ ensure_archive_tables() }}
    {{ ensure_published_requests() }}
    truncate {{ plan }}, {{ watermarks }}, {{ days }}, {{ extracted_days }};
    insert into {{ plan }} values (
        {{ sql_text(invocation_id) }},
        {{ sql_text(mode) }},
        {{ sql_text(published.build_id) if published else 'null' }},
        {{ sql_text(project_fingerprint()) }}
    );
    {{ ensure_row_issues_table() }}
    {%- set tracked = tracked_sources() | map(attribute='name') | list %}
    {%- for source in keyed_sources()
        if source.name not in tracked and mode != 'empty' and not is_skipped_source(source, mode) %}
    {{ record_row_issues(source, '(' ~ all_raw_rows(source) ~ ')', repeated_rows(source)) }}
    {%- endfor %}
    {%- for source in raw_sources() if source.source_name ~ '__' ~ source.name not in tracked %}
    {{ ensure_reading_function(
        read_function(source.source_name ~ '__' ~ source.name),
        raw_columns(source),
        all_kept_rows({
            'name': source.source_name ~ '__' ~ source.name,
            'columns': raw_columns(source), 'relation': raw_relation(source),
        })
    ) }}
    {%- endfor %}
    {%- for source in tracked_sources() if mode == 'empty' %}
    {%- for function in [read_function(source.name), counted_rows_function(source.name)] %}
    {{ ensure_reading_function(function, source.columns, all_raw_rows(source)) }}
    {%- endfor %}
    {%- endfor %}
    {%- for source in tracked_sources() if mode != 'empty' %}
    {%- if is_skipped_source(source, mode) %}
    insert into {{ watermarks }}
    select watermark.source_name, cast('infinity' as timestamp), watermark.watermark
    from {{ serving_relation('publication_watermarks') }} as watermark
    where watermark.build_id = {{ sql_text(published.build_id) }}
        and watermark.source_name = {{ sql_text(source.name) }};
    {%- else %}
    insert into {{ watermarks }}
    select
        {{ sql_text(source.name) }},
        {% if mode == 'incremental' and not source.is_read_in_full -%}
        (
            select watermark.watermark - interval '{{ source.lookback }}'
            from {{ serving_relation('publication_watermarks') }} as watermark
            where watermark.build_id = {{ sql_text(published.build_id) }}
                and watermark.source_name = {{ sql_text(source.name) }}
        )
        {%- else -%} null {%- endif %},
        max({{ source.column }})
    from {{ source.relation }}
    where {{ source.column }} <= {{ source_now(source) }};
    {%- endif %}
    {{ point_read_function(source, mode) if not (source.is_read_in_full and is_skipped_source(source, mode)) }}
    {%- endfor %}
{%- endmacro %}

{#
    How this build reads raw rows: full, reconcile, incremental or empty. `dbt test` and `dbt compile` see
    the plan of the last build. A build that another one has overtaken stops here.
#}
{% macro build_mode() -%}
    {{ return(adapter.dispatch('build_mode', 'usage_warehouse')()) }}
{%- endmacro %}

{% macro default__build_mode() -%}
    {{ return('full') }}
{%- endmacro %}

{% macro postgres__build_mode() -%}
    {%- if not execute or model.resource_type == 'unit_test' -%}
        {{ return('full') }}
    {%- endif -%}
    {%- set plan = build_relation_named('build_plan') -%}
    {%- if flags.WHICH not in ('build', 'run') and not existing_columns(plan) -%}
        {{ return('full') }}
    {%- endif -%}
    {%- set planned = run_query('select build_id, mode from ' ~ plan).rows[0] -%}
    {%- if flags.WHICH in ('build', 'run') and planned.build_id != invocation_id -%}
        {{ exceptions.raise_compiler_error(
            'Another dbt build began while this one ran, and has taken over schema '
            ~ warehouse_schema('build') ~ '. Readers are not affected; run dbt build again when that '
            ~ 'one has finished.'
        ) }}
    {%- endif -%}
    {{ return(planned.mode) }}
{%- endmacro %}

{# Whether this build makes only the rows that differ from what is published. #}
{% macro builds_partitions() -%}
    {{ return(build_mode() in ('incremental', 'reconcile')) }}
{%- endmacro %}

{# Why this build has to start from all raw rows, or nothing if the changed ones suffice. #}
{% macro reason_for_full_build(published) -%}
    {%- if not published -%}
        {{ return('there is none yet that readers see') }}
    {%- elif flags.FULL_REFRESH -%}
        {{ return('asked for by --full-refresh') }}
    {%- elif published.project_fingerprint != project_fingerprint() -%}
        {{ return('models, macros, seeds or vars changed since the build that readers see') }}
    {%- endif -%}

    {%- for node in mart_nodes() -%}
        {%- if node.unique_id not in selected_resources and not skips_unchanged() -%}
            {{ return('only some models were selected') }}
        {%- elif not existing_columns(serving_relation(node.alias)) -%}
            {{ return(node.alias ~ ' is not in the serving schema') }}
        {%- endif -%}
    {%- endfor -%}

    {%- for source in tracked_sources() -%}
        {%- if existing_columns(extracted_relation(source.name)) | map(attribute='name') | list
            != source.columns | map(attribute='name') | list -%}
            {{ return('the columns read of ' ~ source.relation ~ ' are new to this build schema') }}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{#
    Why a build that need not read all raw rows cannot leave any model alone, or nothing if it can: what
    is not selected has to stand as the publication that readers see has left it.
#}
{% macro reason_nothing_can_be_skipped(published) -%}
    {%- set plan = run_query(
        'select build_id, mode from ' ~ build_relation_named('build_plan')
    ).rows[0] -%}
    {%- if plan.mode != 'published' or plan.build_id != published.build_id -%}
        {{ return('the last build of schema ' ~ warehouse_schema('build') ~ ' was not published') }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{#
    Why a build of some models (--select, --exclude, `dbt retry`) would read what it must not, or nothing:
    models that it does not make hold changed rows only, after a build of changes that was not published,
    or none, after one of --empty. Some hold no more than that after one that was published.
#}
{% macro reason_not_to_build_a_part() -%}
    {%- set selected = mart_nodes() | selectattr('unique_id', 'in', selected_resources) | list -%}
    {%- set plan_table = build_relation_named('build_plan') -%}
    {%- if flags.EMPTY or skips_unchanged() or selected | length == mart_nodes() | length
        or not existing_columns(plan_table) -%}
        {{ return('') }}
    {%- endif -%}
    {%- set plan = run_query('select mode from ' ~ plan_table).rows | first -%}
    {%- if plan and plan.mode in ('incremental', 'reconcile', 'empty') -%}
        {{ return(
            '[PARTIAL_BUILD] Models of schema ' ~ warehouse_schema('build') ~ ' hold '
            ~ ('no rows' if plan.mode == 'empty' else 'changed rows only')
            ~ ', as the last build was not published, and a build of some models (--select, --exclude, '
            ~ 'dbt retry) would read them. Nothing was built; run dbt build for all models first.'
        ) }}
    {%- endif -%}
    {%- set parent = unselected_parent_of_candidates() -%}
    {%- if parent and existing_columns(build_relation_named('fct_requests__rows')) -%}
        {{ return(
            '[PARTIAL_BUILD] ' ~ parent.reader ~ ' reads ' ~ parent.name ~ ', which was not selected and '
            ~ 'holds what the requests need that the last build looked at. Nothing was built; select the '
            ~ 'parents too (--select +' ~ parent.reader ~ '), or run dbt build for all models.'
        ) }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{#
    The first model that this build does not make, that a model it makes reads (through views), and whose
    rows are those of candidate requests (config.meta.rows_of): {reader, name}, or nothing.
#}
{% macro unselected_parent_of_candidates() -%}
    {%- for reader in graph.nodes.values() | sort(attribute='unique_id')
        if reader.resource_type == 'model' and reader.unique_id in selected_resources -%}
        {%- set seen = reader.depends_on.nodes | list -%}
        {#- The list grows while it is read. -#}
        {%- for unique_id in seen
            if unique_id in graph.nodes and unique_id not in selected_resources -%}
            {%- set node = graph.nodes[unique_id] -%}
            {%- if node.config.meta.get('rows_of') == 'candidate_requests' -%}
                {{ return({'reader': reader.name, 'name': node.name}) }}
            {%- elif node.config.materialized == 'view' -%}
                {%- do seen.extend(node.depends_on.nodes | reject('in', seen)) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(none) }}
{%- endmacro %}

{#
    Whether this build leaves alone what hangs on no changed raw table. Only the command line knows
    which those are: it selects the nodes (warehouse/extent.py), and says so in the environment.
#}
{% macro skips_unchanged() -%}
    {{ return(env_var('USAGE_WAREHOUSE_ONLY_CHANGES', '') != '') }}
{%- endmacro %}

{# Whether this build leaves a mart alone: none of the raw tables changed that it hangs on. #}
{% macro is_unchanged(node) -%}
    {{ return(skips_unchanged() and node.unique_id not in selected_resources) }}
{%- endmacro %}

{#
    Whether this build looks for no changes in a watched source: none of its system's tables changed.
    Of the whole system, as its tables are audited together; but what is read by the day is read for the
    mart that is made of it, or a day would count as read that no mart shows.
#}
{% macro is_skipped_source(source, mode) -%}
    {%- if mode != 'incremental' or not skips_unchanged() -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set made = mart_nodes()
        | selectattr('config.meta.partitioned_by', 'equalto', 'extracted_day') | first -%}
    {{ return(
        source.system not in env_var('USAGE_WAREHOUSE_ONLY_CHANGES').split(',')
        or (source.is_extracted_by_day and is_unchanged(made))
    ) }}
{%- endmacro %}

{#
    A digest of all that decides what a mart holds, but for raw rows: models, macros, seeds, specs,
    and the vars that models read. A build after any change of it starts from all raw rows.
#}
{% macro project_fingerprint() -%}
    {%- set parts = [] -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id') -%}
        {%- if node.resource_type in ('model', 'seed') and node.config.enabled
            and (node.package_name == 'usage_warehouse' or node.config.materialized == 'mart') -%}
            {%- do parts.append([
                node.unique_id, node.checksum.checksum, node.config.materialized, node.config.meta,
                node.columns.values() | map(attribute='data_type') | list,
            ]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for source in raw_sources() -%}
        {%- do parts.append([
            source.unique_id, source.config.meta, raw_columns(source), raw_relation(source) | string,
        ]) -%}
    {%- endfor -%}
    {#- Sorted: dbt names last what it parsed again. -#}
    {%- for name, macro in context['usage_warehouse'] | dictsort -%}
        {%- do parts.append([name, local_md5(macro.macro.macro_sql)]) -%}
    {%- endfor -%}
    {%- for system in var('source_systems') -%}
        {%- do parts.append([system, source_time_zone(system)]) -%}
    {%- endfor -%}
    {%- for name in [
        'source_lists', 'default_organization_id', 'default_project_id', 'price_book_fallback'
    ] -%}
        {%- do parts.append([name, var(name, none)]) -%}
    {%- endfor -%}
    {{ return(local_md5(tojson(parts, sort_keys=true))) }}
{%- endmacro %}
