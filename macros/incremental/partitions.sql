{#
    Requests whose raw rows were extracted, and published ones whose raw rows should have been. Of a full
    build, and of one that compares everything, all requests are; it needs no list.
#}
{% macro candidate_requests() -%}
    {#- Rows are extracted, and counted by the audits, in the transaction that makes this list. -#}
    {%- for system in enabled_source_systems() -%}
        {%- do ref('audit_' ~ system ~ '__raw_totals') -%}
    {%- endfor -%}
    {%- if 'kaapi' in enabled_source_systems() -%}
        {%- do ref('stg_kaapi__evaluation_runs') -%}
    {%- endif -%}
    {%- if build_mode() == 'incremental' %}
    {%- for source in extracted_sources() %}
    select
        {{ extracted_request_key(source) }}
    from {{ extracted_relation(source.name) }} as extracted
    where extracted.{{ adapter.quote(source.key) }} is not null
    union
    {%- if source.is_event_time %}
    {{ published_rows_within_lookback(source) }}
    union
    {%- endif %}
    {{ published_rows_of_extracted_keys(source) }}
    union
    {%- endfor %}
    {%- endif %}
    select
        cast(null as {{ dbt.type_string() }}) as source_system,
        cast(null as {{ dbt.type_string() }}) as request_kind,
        cast(null as {{ dbt.type_string() }}) as request_id,
        cast(null as {{ instant_type() }}) as requested_at
    where 1 = 0
{%- endmacro %}

{#
    Rows of a mart that differ from what is published, as they are now and as they were. In a full
    build none: it makes everything, whatever changed. Of a mart that this build leaves alone none.
#}
{% macro changed_rows(mart) -%}
    {%- set name = mart.identifier -%}
    {%- set node = mart_nodes() | selectattr('alias', 'equalto', name) | first if execute -%}
    {%- if not builds_partitions() or is_unchanged(node) -%}
    select * from {{ mart }}
    where 1 = 0
    {%- else -%}
    select * from {{ built_rows(name) }}
    union all
    select * from {{ replaced_rows(name) }}
    {%- endif %}
{%- endmacro %}

{# The columns that name a partition of each kind, the one that names it within its tenant last. #}
{% macro partition_keys(rule) -%}
    {{ return({
        'request': ['source_system', 'request_kind', 'request_id', 'requested_at'],
        'extracted_day': ['source_system', 'day'],
        'day': ['source_system', 'organization_id', 'day'],
        'month': ['source_system', 'organization_id', 'month'],
        'session': ['source_system', 'organization_id', 'project_id', 'session_id'],
    }[rule]) }}
{%- endmacro %}

{# Where the partitions of a mart stand that this build makes anew: see config.meta.partitioned_by. #}
{% macro partitions_relation(node) -%}
    {%- set rule = node.config.meta.partitioned_by -%}
    {{ return(
        replaced_rows(node.alias) if rule == 'request'
        else build_relation_named('extracted_days') if rule == 'extracted_day'
        else build_relation_named('inc_affected_' ~ rule ~ 's')
    ) }}
{%- endmacro %}

{# SQL that is true where a published row of a mart belongs to a partition of partitions_relation. #}
{% macro is_in_partition(node) -%}
    {%- for key in partition_keys(node.config.meta.partitioned_by) -%}
        {%- if key == 'day' and 'hour' in node.columns %}
        {{ utc_day('published.hour') }} = affected.day
        {%- elif key == 'day' and node.config.meta.partitioned_by == 'extracted_day' %}
        coalesce(published.day, 'infinity') = coalesce(affected.day, 'infinity')
        {%- elif key == 'requested_at' %}
        published.{{ key }} is not distinct from affected.{{ key }}
        {%- else %}
        published.{{ key }} = affected.{{ key }}
        {%- endif %}
        {%- if not loop.last %} and {% endif %}
    {%- endfor %}
{%- endmacro %}

{# Whether this build makes only partitions of a mart. #}
{% macro is_built_by_partition(node) -%}
    {%- set rule = node.config.meta.get('partitioned_by') -%}
    {%- if rule not in ('request', 'day', 'extracted_day', 'month', 'session', 'full') -%}
        {{ exceptions.raise_compiler_error(
            'config.meta.partitioned_by of the mart ' ~ node.name ~ ' is ' ~ (rule or 'missing')
            ~ '; say request, day, extracted_day, month, session or full'
        ) }}
    {%- endif -%}
    {{ return(rule != 'full' and builds_partitions()) }}
{%- endmacro %}

{# Rows of a mart that this build made anew (of one made whole, those that differ); after a full build, all. #}
{% macro built_rows(mart) -%}
    {{ return(
        build_relation_named(mart ~ '__rows') if builds_partitions() else build_relation_named(mart)
    ) }}
{%- endmacro %}

{#
    Published rows of a mart that this build replaces or takes away, as they are published: of one built
    by request, or full.
#}
{% macro replaced_rows(mart) -%}
    {{ return(build_relation_named(mart ~ '__replaced')) }}
{%- endmacro %}

{#
    All rows of a mart that belong to some partitions: the published ones that this build leaves alone,
    and those that it made; of a mart built whole, its own. A day or a month holds rows by their time.
    In a full build, all rows.
#}
{% macro gathered_rows(mart, partitions, rule, time_column=none) -%}
    {%- if not builds_partitions() -%}
    select * from {{ mart }}
    {%- else -%}
    {%- set node = mart_nodes() | selectattr('alias', 'equalto', mart.identifier) | first -%}
    {%- set keys = partition_keys(rule) -%}
    {%- set is_read_in_full = not is_built_by_partition(node) -%}
    select published.*
    from {{ partitions }} as gathered
    inner join {{ mart if is_read_in_full else serving_relation(node.alias) }} as published
        on
        {%- for key in (keys[:-1] if time_column else keys) %}
            gathered.{{ key }} = published.{{ key }}
            {%- if not loop.last %} and{% endif %}
        {%- endfor %}
        {%- if time_column %}
            {%- set is_instant = node.columns[time_column].data_type == instant_type() %}
            {%- set first, next = 'gathered.' ~ rule, 'gathered.' ~ rule ~ " + interval '1 " ~ rule ~ "'" %}
            and published.{{ time_column }} >= {{ utc_midnight(first) if is_instant else first }}
            and published.{{ time_column }} < {{ utc_midnight(next) if is_instant else next }}
        {%- endif %}
    {%- if not is_read_in_full %}
    where not exists (
        select from {{ partitions_relation(node) }} as affected where {{ is_in_partition(node) }}
    )
    union all
    select * from {{ built_rows(node.alias) }}
    where {{ time_column or keys | last }} is not null
    {%- endif %}
    {%- endif %}
{%- endmacro %}

{# A query for all rows of a mart as this build leaves it: published ones that stand, and those it made. #}
{% macro all_rows(mart) -%}
    {%- set node = mart_nodes() | selectattr('alias', 'equalto', mart.identifier) | first if execute -%}
    {%- if not builds_partitions() or not is_built_by_partition(node) -%}
    select * from {{ mart }}
    {%- elif is_unchanged(node) -%}
    select * from {{ serving_relation(node.alias) }}
    {%- else -%}
    select published.*
    from {{ serving_relation(node.alias) }} as published
    where not exists (
        select from {{ partitions_relation(node) }} as affected where {{ is_in_partition(node) }}
    )
    union all
    select * from {{ built_rows(node.alias) }}
    {%- endif %}
{%- endmacro %}

{#
    A query for when each model or user of a tenant was seen first and last, from days: in several rows,
    of which the least and the greatest count. In a build of partitions the published list still says so of
    whom it saw first and last on days that stand; only for the others all their days are gone through.
#}
{% macro first_and_last_days(list_name, key, columns) -%}
    {%- set names = ['source_system', 'organization_id'] + columns
        + ['first_requested_at', 'last_requested_at'] -%}
    {%- set days = ref('fct_daily_usage') -%}
    {%- if not builds_partitions() -%}
    select {{ names | join(', ') }} from {{ days }} where {{ key }} is not null
    {%- else -%}
    {%- set lost_a_day -%}
        exists (
            select from {{ build_relation_named('inc_affected_days') }} as affected
            where listed.source_system = affected.source_system
                and listed.organization_id = affected.organization_id
                and affected.day in (
                    {{ utc_day('listed.first_requested_at') }},
                    {{ utc_day('listed.last_requested_at') }}
                )
        )
    {%- endset -%}
    {%- set node = mart_nodes() | selectattr('alias', 'equalto', days.identifier) | first -%}
    select {{ names | join(', ') }} from {{ built_rows(days.identifier) }} where {{ key }} is not null
    union all
    select {{ names | join(', ') }}
    from {{ serving_relation(list_name) }} as listed
    where first_requested_at is not null and not {{ lost_a_day }}
    union all
    select published.{{ names | join(', published.') }}
    from (
        select source_system, organization_id, {{ key }}
        from {{ serving_relation(list_name) }} as listed
        where first_requested_at is not null and {{ lost_a_day }}
    ) as listed
    inner join {{ serving_relation(days.identifier) }} as published
        on listed.source_system = published.source_system
        and listed.organization_id = published.organization_id
        and listed.{{ key }} = published.{{ key }}
    where not exists (
        select from {{ partitions_relation(node) }} as affected where {{ is_in_partition(node) }}
    )
    {%- endif %}
{%- endmacro %}

{#
    Names by which prices are looked up. The rows of a build of partitions are of few names, and those
    of archived rows are in no source; why a published model has no price is explained by its name, too.
#}
{% macro names_to_price(requests) -%}
    select
        source_system,
        provider,
        raw_model,
        processing
    from {{ requests }}
    {%- if execute and target.type == 'postgres' and model.resource_type != 'unit_test'
        and existing_columns(serving_relation('fct_unpriced_models')) %}
    union all
    select
        source_system,
        provider,
        model as raw_model,
        null as processing
    from {{ serving_relation('fct_unpriced_models') }}
    where unpriced_reason <> 'no_model'
    {%- endif %}
    {%- if execute and target.type == 'postgres' and model.resource_type != 'unit_test'
        and build_mode() != 'incremental' and existing_columns(archived_relation('fct_requests')) %}
    union all
    select
        source_system,
        provider,
        model as raw_model,
        processing
    from {{ archived_relation('fct_requests') }}
    where has_model
    {%- endif %}
{%- endmacro %}

{#
    The views of a mart, just made whole, that were dropped with what it was before and that this build does
    not make: roll-ups read a mart through them, also in a build of some models.
#}
{% macro gathered_views(mart) -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id')
        if node.resource_type == 'model' and node.config.materialized == 'gathered'
        and node.config.meta.gathered_from == mart.identifier
        and node.unique_id not in selected_resources and not skips_unchanged() %}
    create or replace view {{ build_relation(node) }} as select * from {{ mart }};
    {%- endfor %}
{%- endmacro %}

{#
    Data tests look at the rows that this build made. Those of the partitions that it left alone passed
    when they were made, and are what they were. Of a mart that it left alone they look at all: the other
    side of the test may have changed.
#}
{% macro get_where_subquery(relation) -%}
    {%- set scanned = [relation] -%}
    {%- if execute and target.type == 'postgres' and relation.schema == warehouse_schema('build') -%}
        {%- for node in mart_nodes() if node.alias == relation.identifier -%}
            {%- if is_built_by_partition(node) and not is_unchanged(node) -%}
                {%- do scanned.append(build_relation_named(node.alias ~ '__rows')) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(dbt.get_where_subquery(scanned | last)) }}
{%- endmacro %}
