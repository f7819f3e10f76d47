{#
    A public mart. A full build makes the whole table, which publishing then moves to where readers
    see it. Any other build makes only what differs from what is published, and the mart is a view of
    both, just as readers will see it once it is published. config.meta.partitioned_by says in what partitions:
      request  the requests whose raw rows may have changed: those that did, in <mart>__rows, and
               the published rows whose place they take, in <mart>__replaced
      day, month, session  of a tenant, in which any request differs: all their rows in <mart>__rows
      extracted_day  days whose raw rows were extracted: all their rows in <mart>__rows
      whole    always the whole table; what differs in <mart>__rows and <mart>__replaced
#}
{% materialization mart, adapter='postgres' -%}
    {%- set target = this.incorporate(type='view' if is_built_by_partition(model) else 'table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- do hold_build_schema() -%}
    {%- if existing is not none -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {% call statement('main') -%}
        {{ mart_script(target, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}

{# What the materialization `mart` runs: the whole mart, or its new rows and the view over both. #}
{% macro mart_script(target, sql) -%}
    {%- set columns = contract_columns() -%}
    {%- set names = column_list(columns | map(attribute='name')) -%}
    {%- set rows = build_relation_named(model.alias ~ '__rows') -%}
    {{ get_assert_columns_equivalent(sql) }}
    drop table if exists {{ rows }} cascade;
    drop table if exists {{ replaced_rows(model.alias) }} cascade;
    {%- if not is_built_by_partition(model) %}
    {{ fill_mart_table(target, columns, sql) }}
    {{ add_archived_rows(target, columns, serving_relation(model.alias)) if model.config.meta.get('archive') }}
    {{ keep_changed_rows(target, rows, names) if builds_partitions() else gathered_views(target) }}
    {%- else %}
    {{ create_mart_table(rows, columns) }}
    {%- if model.config.meta.partitioned_by == 'request' %}
    {{ fill_changed_requests(rows, columns, sql) }}
    {%- else %}
    insert into {{ rows }} ({{ names }}) select {{ names }} from ({{ sql }}) as built
    {{ order_of_rows() }};
    {{ add_archived_rows(rows, columns, published_partitions_of(model)) if model.config.meta.get('archive') }}
    {%- endif %}
    {{ analyze_rows(rows) }}
    create view {{ target }} as
    select {{ names }} from {{ serving_relation(model.alias) }} as published
    where not exists (
        select from {{ partitions_relation(model) }} as affected where {{ is_in_partition(model) }}
    )
    union all
    select {{ names }} from {{ rows }};
    {%- endif %}
{%- endmacro %}

{# Columns of the calling mart as its contract has them: name, data_type, is_text, is_not_null. #}
{% macro contract_columns() -%}
    {%- set key = serving_key(model) -%}
    {%- set columns = [] -%}
    {%- for column in model.columns.values() -%}
        {%- set data_type = api.Column.translate_type(column.data_type) -%}
        {%- set is_not_null = column.name in key and column.name not in nullable_keys(model)
            or column.constraints | selectattr('type', 'equalto', 'not_null') | list | length > 0 -%}
        {%- do columns.append({
            'name': column.name,
            'data_type': data_type,
            'is_text': data_type | lower == 'text',
            'is_not_null': is_not_null,
        }) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#
    An empty table for the rows of a mart, as its contract and its readers want it. Text sorts by
    code point whatever the database's own collation is.
#}
{% macro create_mart_table(relation, columns, kind='') -%}
    create {{ kind }} table {{ relation }} (
        {%- for column in columns %}
        {{ adapter.quote(column.name) }} {{ column.data_type }}
        {%- if column.is_text %} collate "C"{% endif %}
        {%- if column.is_not_null %}
            constraint {{ adapter.quote(column.name ~ "_is_not_null") }} not null
        {%- endif %}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    );
{%- endmacro %}

{#
    Makes the table of a whole mart with its rows. In one statement, as Postgres lets several processes
    read for a table that is made of a query, and not for rows that are inserted into one. Autovacuum
    looks at it once it is published: before, it would only take the processors away from the build, and
    let the publication wait for its locks.
#}
{% macro fill_mart_table(relation, columns, sql) -%}
    create table {{ relation }} with (autovacuum_enabled = false) as
    select
        {%- for column in columns %}
        {%- set name = adapter.quote(column.name) %}
        cast({{ name }} as {{ column.data_type }})
        {%- if column.is_text %} collate "C"{% endif %} as {{ name }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from ({{ sql }}) as built
    {{ order_of_rows() if not builds_partitions() }};
    {%- set not_null = columns | selectattr('is_not_null') | list %}
    {%- if not_null %}
    alter table {{ relation }}
        {%- for column in not_null %}
        alter column {{ adapter.quote(column.name) }} set not null
        {%- if not loop.last %},{% endif %}
        {%- endfor %};
    {%- endif %}
    {{ analyze_rows(relation) }}
{%- endmacro %}

{# Of the published requests those that this build looks at: a relation to select from. #}
{% macro candidate_rows(published) -%}
    {%- if build_mode() != 'incremental' -%}
        {{ return(published) }}
    {%- endif -%}
    {%- set rows -%}
        (
            select requests.*
            from {{ published }} as requests
            inner join {{ build_relation_named('inc_candidate_requests') }} as candidate
                on requests.source_system = candidate.source_system
                and requests.request_kind = candidate.request_kind
                and requests.request_id = candidate.request_id
                and requests.requested_at is not distinct from candidate.requested_at
        )
    {%- endset -%}
    {{ return(rows) }}
{%- endmacro %}

{#
    Of the requests that were looked at: those that are new or differ in any column from what is
    published, and the published ones that differ or are gone. Rows are compared as they are stored.
#}
{% macro fill_changed_requests(rows, columns, sql) -%}
    {%- set names = column_list(columns | map(attribute='name')) -%}
    {%- set published = serving_relation(model.alias) -%}
    {%- set replaced = replaced_rows(model.alias) -%}
    {%- set is_same_key -%}
        fresh.source_system = published.source_system
        and fresh.request_kind = published.request_kind
        and fresh.request_id = published.request_id
        and fresh.requested_at is not distinct from published.requested_at
    {%- endset -%}
    drop table if exists fresh;
    {{ create_mart_table('fresh', columns, 'temporary') }}
    insert into fresh ({{ names }}) select {{ names }} from ({{ sql }}) as built;
    {%- if build_mode() == 'incremental' %}
    -- Postgres takes the published requests that are looked at for one or two, as their key has four columns,
    -- and goes through all fresh ones for each.
    create index on fresh (request_id);
    {%- endif %}
    {{ analyze_rows('fresh') }}
    {{ add_archived_rows('fresh', columns, candidate_rows(published)) if model.config.meta.get('archive') }}

    insert into {{ rows }} ({{ names }})
    select {{ names }} from fresh
    where not exists (
        select from {{ published }} as published where {{ is_same_key }} and published.* *= fresh.*
    );

    create table {{ replaced }} as
    select published.*
    from {{ candidate_rows(published) }} as published
    where not exists (
        select from fresh where {{ is_same_key }} and published.* *= fresh.*
    );
    drop table fresh;
    {{ analyze_rows(replaced) }}
{%- endmacro %}

{# Of a mart that is made whole: its rows that differ from what is published, and the published ones. #}
{% macro keep_changed_rows(made, rows, names) -%}
    {%- set published = serving_relation(model.alias) %}
    create table {{ rows }} as
    select {{ names }} from {{ made }}
    except all
    select {{ names }} from {{ published }};
    create table {{ replaced_rows(model.alias) }} as
    select {{ names }} from {{ published }}
    except all
    select {{ names }} from {{ made }};
{%- endmacro %}

{#
    In which order the rows of a mart are laid down: that of its first index, by which a tenant's
    question finds them side by side, not each in another block. Requests keep that of their source,
    which is time: sorting so many wide rows costs more than it saves.
#}
{% macro order_of_rows() -%}
    {%- set indexes = serving_indexes(model) -%}
    {%- if indexes and model.config.meta.partitioned_by != 'request' -%}
        order by {{ column_list(indexes[0].columns) }}
    {%- endif -%}
{%- endmacro %}

{#
    Rows of a mart that roll-ups add up: after a full build simply all of it (a view); otherwise a
    table of the rows of the partitions that are made anew, fetched once for all roll-ups.
#}
{% materialization gathered, default -%}
    {%- set kind = 'table' if builds_partitions() else 'view' -%}
    {%- set target = this.incorporate(type=kind) -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- do hold_build_schema() -%}
    {%- if existing is not none -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {% call statement('main') -%}
        create {{ kind }} {{ target }} as {{ sql }};
        {% if kind == 'table' %}{{ analyze_rows(target) }}{% endif %}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}

{# The post-hook of models that are tables. #}
{% macro analyze_table() -%}
    {{ return(
        analyze_rows(this)
        if execute and target.type == 'postgres' and model.config.materialized in ('table', 'seed') else ''
    ) }}
{%- endmacro %}

{#
    Counts the rows of a table that was just made, before anything joins it: without, Postgres takes
    a table of ten thousand rows for one of a few, and goes through millions of others for each. A
    build of partitions looks at a tenth of the sample: at all of it takes as long as to make the rows.
#}
{% macro analyze_rows(relation) -%}
    {%- if builds_partitions() -%}
    set local default_statistics_target = 10;
    analyze {{ relation }};
    set local default_statistics_target = default;
    {%- else -%}
    analyze {{ relation }};
    {%- endif -%}
{%- endmacro %}
