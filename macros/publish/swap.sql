{#
    After a full build: the built tables are moved into the serving schema, in the place of those
    that readers see. A table that other people hung something on keeps its identity and gets new
    rows instead.
#}
{% macro publish_whole_marts(marts) -%}
    {%- set kept = marts | selectattr('dependents') | list -%}
    {%- set replaced = marts | rejectattr('dependents') | list -%}
    {% for mart in replaced %}
    {{ move_built_table(mart) }}
    {{ create_serving_indexes(mart, mart.next, 'next_name', mart.indexes) }}
    {{ protect_serving_table(mart, mart.next) }}
    {% endfor %}
    {% for mart in kept %}
    {{ replace_serving_rows(mart) }}
    {% endfor %}
    {{ lock_serving_tables(marts) }}
    {% for mart in replaced %}
    {{ swap_serving_table(mart) }}
    {% endfor %}
    {% for mart in kept %}
    {{ protect_serving_table(mart, mart.serving) }}
    {% endfor %}
    {% for name in publication_table_names() %}
    {{ protect_tenant_rows(serving_relation(name)) }}
    {% endfor %}
    {{ drop_vanished_marts(marts) }}
{%- endmacro %}

{#
    Moves a built table into the serving schema as the successor of the one readers see. Rows that
    are never written again in place need no room between them; what changes is looked at early.
#}
{% macro move_built_table(mart) -%}
    {%- set next_name = mart.name ~ '__next' %}
    alter table {{ mart.build }} rename to {{ adapter.quote(next_name) }};
    alter table {{ build_relation_named(next_name) }}
        set schema {{ adapter.quote(warehouse_schema('serving')) }};
    alter table {{ mart.next }} reset (autovacuum_enabled);
    alter table {{ mart.next }} set (
        autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.01
    );
{%- endmacro %}

{#
    Waits until nobody reads any published table, then keeps all of them at once, so that no query
    can join an old mart to a new one.

    While a lock is waited for, new readers queue behind it. So it waits briefly and often rather
    than long, and for less than Postgres's deadlock_timeout (1 s), lest a reader be
    cancelled as the victim of a deadlock.
#}
{% macro lock_serving_tables(marts) -%}
    {%- set names = (marts | selectattr('is_published') | map(attribute='name') | list)
        + vanished_mart_names(marts) + publication_table_names() -%}
    {%- set tables = [] -%}
    {%- for name in names | sort -%}
        {%- do tables.append(serving_relation(name) | string) -%}
    {%- endfor -%}
    do $lock$
    declare
        patience interval := make_interval(secs => {{ var('publish_patience_seconds', 60) }});
        give_up_at timestamptz := clock_timestamp() + patience;
    begin
        perform set_config('lock_timeout', '400ms', true);
        loop
            begin
                lock table {{ tables | join(', ') }} in access exclusive mode;
                exit;
            exception when lock_not_available then
                if clock_timestamp() > give_up_at then
                    raise exception using message = format(
                        {{ sql_text(
                            'Not published: other sessions held published tables for more than '
                            ~ '%s seconds (%s). Readers stay on the previous build; end those '
                            ~ 'sessions and run dbt build again.'
                        ) }},
                        {{ var('publish_patience_seconds', 60) }},
                        (
                            select string_agg(distinct concat_ws(
                                ' ', 'process', lock.pid, 'of', activity.usename
                            ), ', ')
                            from pg_catalog.pg_locks as lock
                            left join pg_catalog.pg_stat_activity as activity
                                on lock.pid = activity.pid
                            where lock.granted
                                and lock.pid <> pg_backend_pid()
                                and lock.relation in (
                                    {%- for table in tables %}
                                    cast({{ sql_text(table) }} as regclass)
                                    {%- if not loop.last %},{% endif %}
                                    {%- endfor %}
                                )
                        )
                    );
                end if;
                perform pg_sleep(0.2);
            end;
        end loop;
    end $lock$;
{%- endmacro %}

{# Puts the successor in the place of the table readers see, under the names of its predecessor. #}
{% macro swap_serving_table(mart) -%}
    drop table if exists {{ mart.serving }};
    alter table {{ mart.next }} rename to {{ adapter.quote(mart.name) }};
    {%- for index in mart.indexes %}
    alter index {{ serving_relation(index.next_name) }} rename to {{ adapter.quote(index.name) }};
    {%- endfor %}
{%- endmacro %}

{#
    Gives the table that readers see new rows and leaves the table itself, and all that hangs on it.
    Not truncate: delete lets readers go on with the old rows until the transaction commits. A key of
    the same columns in another order stays: what others refer to it with could not do without.
    References that can wait are looked at once the new rows are there.
#}
{% macro replace_serving_rows(mart) -%}
    {%- set query -%}
        select
            index_class.relname as index_name,
            case when index.indisprimary then (
                select string_agg(attribute.attname, ' ' order by attribute.attname collate "C")
                from pg_catalog.pg_attribute as attribute
                where attribute.attrelid = index.indexrelid
            ) end as key_columns
        from pg_catalog.pg_index as index
        inner join pg_catalog.pg_class as index_class on index.indexrelid = index_class.oid
        where index.indrelid = to_regclass({{ sql_text(mart.serving) }})
            and starts_with(index_class.relname, {{ sql_text(mart.name ~ '__') }})
    {%- endset -%}
    {%- set referring -%}
        select format('%I.%I', namespace.nspname, foreign_key.conname)
        from pg_catalog.pg_constraint as foreign_key
        inner join pg_catalog.pg_namespace as namespace on foreign_key.connamespace = namespace.oid
        where foreign_key.confrelid = to_regclass({{ sql_text(mart.serving) }})
            and foreign_key.condeferrable
    {%- endset -%}
    {%- set references = run_query(referring).columns[0].values() | join(', ') -%}
    {%- set existing = run_query(query).rows -%}
    {%- set standing = existing | map(attribute='index_name') | list -%}
    {%- set key = serving_key(mart.node) | sort | join(' ') -%}
    {%- set same_key = existing
        | selectattr('key_columns', 'equalto', key) | map(attribute='index_name') | list -%}
    {%- set wanted = mart.indexes | rejectattr('primary') | list if same_key else mart.indexes -%}
    {%- set kept = wanted | map(attribute='name') | list + same_key -%}
    {{ drop_serving_indexes(mart, standing | reject('in', kept) | list) }}
    {{ 'set constraints ' ~ references ~ ' deferred;' if references }}
    delete from {{ mart.serving }};
    {{ fill_serving_table(mart, mart.serving) }}
    {{ 'set constraints ' ~ references ~ ' immediate;' if references }}
    {{ create_serving_indexes(
        mart, mart.serving, 'name', wanted | rejectattr('name', 'in', standing) | list
    ) }}
    {{ describe_serving_table(mart, mart.serving) }}
    analyze {{ mart.serving }};
{%- endmacro %}

{# Copies the built rows into an empty table and refuses the publication if any is missing. #}
{% macro fill_serving_table(mart, target) -%}
    {%- set columns = column_list(mart.columns | map(attribute='name')) -%}
    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ mart.build }};

    do $count$
    declare
        built bigint := (select count(*) from {{ mart.build }});
        copied bigint := (select count(*) from {{ target }});
    begin
        if built <> copied then
            raise exception using message = format(
                {{ sql_text(
                    'Not published: ' ~ mart.name ~ ' has %s rows and %s arrived. '
                    ~ 'Readers stay on the previous build.'
                ) }}, built, copied
            );
        end if;
    end $count$;
{%- endmacro %}

{#
    Gives a serving table the comments of the built one, which dbt wrote from the descriptions; only
    where they differ, as most builds change none.
#}
{% macro describe_serving_table(mart, target) -%}
    do $describe$
    declare
        built oid := cast({{ sql_text(mart.build) }} as regclass);
        described_table oid := cast({{ sql_text(target) }} as regclass);
        described record;
    begin
        for described in
            select
                case comment.objsubid
                    when 0 then {{ sql_text('table ' ~ target) }}
                    else {{ sql_text('column ' ~ target) }} || format('.%I', attribute.attname)
                end as object_name,
                comment.description
            from pg_catalog.pg_description as comment
            left join pg_catalog.pg_attribute as attribute
                on comment.objoid = attribute.attrelid and comment.objsubid = attribute.attnum
            where comment.objoid = built
                and comment.classoid = cast('pg_catalog.pg_class' as regclass)
                and comment.description is distinct from case comment.objsubid
                    when 0 then obj_description(described_table, 'pg_class')
                    else col_description(described_table, (
                        select target.attnum
                        from pg_catalog.pg_attribute as target
                        where target.attrelid = described_table
                            and target.attname = attribute.attname
                    ))
                end
        loop
            execute format('comment on %s is %L', described.object_name, described.description);
        end loop;
    end $describe$;
{%- endmacro %}

{# Row-level security and grants of a published mart. #}
{% macro protect_serving_table(mart, target) -%}
    {{ protect_tenant_rows(target) if mart.is_tenant_scoped else share_rows(target) }}
    {{ grant_reading(target) }}
{%- endmacro %}

{# Takes away published marts that this build no longer has, so that nobody reads stale rows. #}
{% macro drop_vanished_marts(marts) -%}
    {%- for name in vanished_mart_names(marts) %}
    drop view if exists {{ build_relation_named(name) }} cascade;
    drop table if exists {{ serving_relation(name) }};
    {%- endfor %}
{%- endmacro %}
