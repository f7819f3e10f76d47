{#
    The on-run-end hook: copies the marts of a build that passed into the serving schema, all in one
    transaction, so that readers see this build or the one before and nothing between.

    The hook answers with one SQL script that dbt runs as a single statement list. What the script
    needs to know is read beforehand in the same transaction, which the script's last line commits.
#}
{% macro publish_build(results) -%}
    {%- if not execute or flags.WHICH != 'build' -%}
        {{ return('') }}
    {%- endif -%}
    {{ return(adapter.dispatch('publish_build', 'usage_warehouse')(results)) }}
{%- endmacro %}

{# Only Postgres serves readers: another engine builds marts and leaves them where they are. #}
{% macro default__publish_build(results) -%}
    {{ return('') }}
{%- endmacro %}

{% macro postgres__publish_build(results) -%}
    {%- set nodes = mart_nodes() -%}
    {%- set reason = reason_not_to_publish(results, nodes) -%}
    {%- if reason -%}
        {%- do log(
            'Not published: ' ~ reason ~ '. Readers stay on the previous build.', info=true
        ) -%}
        {{ return(record_failure(results)) }}
    {%- endif -%}

    {%- set refusal = begin_publication(nodes) -%}
    {%- if refusal -%}
        {{ return(refuse_publication(refusal)) }}
    {%- endif -%}

    {%- set marts = serving_marts(nodes) -%}
    {%- set refusal = reason_marts_cannot_be_served(marts) -%}
    {{ return(refuse_publication(refusal) if refusal else publication_script(marts)) }}
{%- endmacro %}

{#
    Why this build must not reach readers, or nothing if it may. A build counts only when it made
    every mart from all rows and ran every data test, and none failed; one of changes leaves out what
    hangs on none of them. (Unit tests check the code and not the rows; leaving them out, as dbt
    advises for production, is no obstacle.)
#}
{% macro reason_not_to_publish(results, nodes) -%}
    {%- if flags.EMPTY -%}
        {{ return('this was a build without rows (--empty)') }}
    {%- elif invocation_args_dict.get('sample') -%}
        {{ return('this was a build of some rows (--sample)') }}
    {%- elif not nodes -%}
        {{ return('this project has no public mart that is built as a table') }}
    {%- endif -%}

    {%- set failed = [] -%}
    {%- set ran = [] -%}
    {%- if skips_unchanged() -%}
        {%- for node in graph.nodes.values() if node.unique_id not in selected_resources -%}
            {%- do ran.append(node.unique_id) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for result in results -%}
        {%- do ran.append(result.node.unique_id) -%}
        {%- if result.status not in ('success', 'pass', 'warn', 'no-op') -%}
            {%- do failed.append(result.node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if failed -%}
        {{ return('not everything passed (' ~ first_names(failed) ~ ')') }}
    {%- endif -%}

    {%- set unbuilt = nodes | rejectattr('unique_id', 'in', ran) | map(attribute='name') | list -%}
    {%- if unbuilt -%}
        {{ return(
            'this was a build of some marts only (without ' ~ first_names(unbuilt)
            ~ '); run dbt build for all'
        ) }}
    {%- endif -%}

    {#- Tests of a source system that is switched off stay in the graph, disabled. -#}
    {%- set untested = graph.nodes.values()
        | selectattr('resource_type', 'equalto', 'test') | selectattr('config.enabled')
        | rejectattr('unique_id', 'in', ran) | map(attribute='name') | list -%}
    {%- if untested -%}
        {{ return('some data tests did not run (' ~ first_names(untested) ~ ')') }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{#
    Opens the transaction in which everything else happens, and holds the build still in it: no
    other build may publish at the same time or rebuild a mart while it is copied. Answers why
    that is impossible, or nothing.
#}
{% macro begin_publication(nodes) -%}
    {%- set serving = warehouse_schema('serving') -%}
    {%- set schemas = [
        serving, warehouse_schema('build'), warehouse_schema('access'), warehouse_schema('history')
    ] -%}
    {%- if schemas | unique(case_sensitive=true) | list | length < 4 -%}
        {{ return(
            'serving_schema, build_schema, access_schema and history_schema must be four different '
            ~ 'schemas, not ' ~ schemas | join(', ')
        ) }}
    {%- endif -%}

    {%- set server = run_query(
        "begin; set local lock_timeout = '60s'; "
        ~ 'select pg_try_advisory_xact_lock(hashtextextended(' ~ sql_text('publish ' ~ serving)
        ~ ', 0)) as is_alone'
    ).rows[0] -%}
    {%- if not server.is_alone -%}
        {{ return(
            'another dbt build is publishing into schema ' ~ serving
            ~ ' at this moment; run dbt build again when it has finished'
        ) }}
    {%- endif -%}

    {%- set base = run_query(
        'select base_build_id from ' ~ build_relation_named('build_plan')
    ).rows[0].base_build_id -%}
    {%- set published = newest_publication() -%}
    {%- if builds_partitions() and published.build_id != base -%}
        {{ return('another build was published while this one ran; run dbt build again') }}
    {%- endif -%}

    {%- for node in nodes
        if node.unique_id in selected_resources and not is_built_by_partition(node) -%}
        {%- do run_query('lock table ' ~ build_relation(node) ~ ' in share mode') -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{#
    The steps of a publication, in the order that keeps readers waiting least: everything slow is
    done on tables nobody reads yet, and the locks that make readers wait come last. A build of
    partitions makes nobody wait: it only takes rows away and adds rows.
#}
{% macro publication_script(marts) -%}
    {{ ensure_access_objects() }}
    {{ ensure_publication_tables() }}
    {{ ensure_failure_table() }}
    {{ grant_reading_failures() }}
    {{ ensure_change_tables() }}
    {{ record_changes(marts) }}
    {%- if builds_partitions() %}
    {{ publish_partitions(marts) }}
    {%- else %}
    {{ publish_whole_marts(marts) }}
    {%- endif %}
    {{ record_archive(marts) }}
    {{ record_publication(marts) }}
    {{ end_build(marts) }}
    commit;
{%- endmacro %}

{#
    After a build of partitions: takes away the published rows of the partitions, and adds those that were
    made. Readers see the old rows until the transaction commits, and wait for nothing.
#}
{% macro publish_partitions(marts) -%}
    create temporary table publication_deltas (
        mart_name text, rows_added bigint
    ) on commit drop;
    {%- for mart in marts if not mart.is_made %}
    insert into publication_deltas values ({{ sql_text(mart.name) }}, 0);
    {%- endfor %}
    {%- for mart in marts if mart.is_made %}
    {%- set names = column_list(mart.columns | map(attribute='name')) %}
    with

    taken as (
        delete from {{ mart.serving }} as published
        {%- if mart.partitioned_by == 'full' %}
        using {{ replaced_rows(mart.name) }} as replaced where published.* *= replaced.*
        {%- else %}
        using {{ partitions_relation(mart.node) }} as affected
        where {{ is_in_partition(mart.node) }}
        {%- if 'hour' in mart.node.columns %}
            and published.hour >= {{ utc_midnight('affected.day') }}
            and published.hour < {{ utc_midnight('affected.day + 1') }}
        {%- endif %}
        {%- endif %}
        returning 1
    )

    insert into publication_deltas select {{ sql_text(mart.name) }}, -count(*) from taken;

    with

    added as (
        insert into {{ mart.serving }} ({{ names }})
        select {{ names }} from {{ built_rows(mart.name) }}
        returning 1
    )

    insert into publication_deltas select {{ sql_text(mart.name) }}, count(*) from added;
    {{ describe_serving_table(mart, mart.serving) }}
    {%- endfor %}
{%- endmacro %}

{# The published rows of a mart whose place the rows of this build take. #}
{% macro published_partitions(mart) -%}
    {{ return(
        published_partitions_of(mart.node) ~ ' as published' if is_built_by_partition(mart.node)
        else mart.serving
    ) }}
{%- endmacro %}

{# A subquery for the published rows of the affected partitions of a mart. #}
{% macro published_partitions_of(node) -%}
    {%- set rows -%}
        (
            select published.*
            from {{ partitions_relation(node) }} as affected
            inner join {{ serving_relation(node.alias) }} as published on {{ is_in_partition(node) }}
        )
    {%- endset -%}
    {{ return(rows) }}
{%- endmacro %}

{#
    After publishing, the build schema shows the marts as readers see them, and whole: for dbt test,
    for MetricFlow, and for whoever runs a single model.
#}
{% macro end_build(marts) -%}
    {%- if builds_partitions() -%}
        {%- for node in graph.nodes.values() | sort(attribute='unique_id')
            if node.resource_type == 'model' and node.config.materialized == 'gathered' %}
    drop table {{ build_relation(node) }};
    create view {{ build_relation(node) }} as
    select * from {{ build_relation_named(node.config.meta.gathered_from) }};
        {%- endfor %}
        {%- for mart in marts if mart.partitioned_by != 'full' %}
    create or replace view {{ mart.build }} as select * from {{ mart.serving }};
        {%- endfor %}
    {%- else -%}
        {%- for mart in marts | rejectattr('dependents') %}
    create view {{ mart.build }} as select * from {{ mart.serving }};
        {%- endfor %}
    {%- endif %}
    {%- for source in tracked_sources() if not source.is_read_in_full or source.is_extracted_by_day %}
    {{ ensure_reading_function(read_function(source.name), source.columns, all_kept_rows(source)) }}
    {%- endfor %}
    {{ drop_outdated_functions() }}
    {{ release_sources() }}
    update {{ build_relation_named('build_plan') }} set mode = 'published';
{%- endmacro %}

{# Drops functions of other columns that this build replaced (outdated_name): nothing reads them now. #}
{% macro drop_outdated_functions() -%}
    do $drop$
    declare
        outdated record;
    begin
        for outdated in
            select proname
            from pg_catalog.pg_proc
            where pronamespace
                = cast({{ sql_text(adapter.quote(warehouse_schema('build'))) }} as regnamespace)
                and proname ~ '^outdated_read_[0-9a-f]{12}$'
        loop
            execute format(
                'drop function if exists %I.%I() cascade',
                {{ sql_text(warehouse_schema('build')) }}, outdated.proname
            );
        end loop;
    end $drop$;
{%- endmacro %}

{#
    A script that fails with this one line. Raising from Jinja instead would be reported by dbt as
    "keyboard interrupt", and would not be counted as the error of the hook that it is.
#}
{% macro refuse_publication(message) -%}
    do $refusal$ begin
        raise exception using message = {{ sql_text(
            'Not published: ' ~ message ~ '. Readers stay on the previous build.'
        ) }};
    end $refusal$
{%- endmacro %}

{# A list for a one-line message: the first three names, and how many more there are. #}
{% macro first_names(names) -%}
    {%- set shown = names[:3] | join(', ') -%}
    {{ return(shown if names | length <= 3 else shown ~ ' and ' ~ (names | length - 3) ~ ' more') }}
{%- endmacro %}
