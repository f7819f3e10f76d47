{#
    Why no build can begin now, or nothing: another session makes a mart (hold_build_schema), or writes
    in the build schema, which only builds do.
#}
{% macro reason_not_to_begin() -%}
    {%- set others -%}
        select distinct lock.pid
        from pg_catalog.pg_locks as lock
        left join pg_catalog.pg_class as relation on lock.relation = relation.oid
        where lock.pid <> pg_backend_pid()
            and lock.granted
            and lock.database = (select oid from pg_database where datname = current_database())
            and (
                (
                    lock.mode in ('RowExclusiveLock', 'ShareLock', 'AccessExclusiveLock')
                    and relation.relnamespace = (
                        select oid from pg_namespace
                        where nspname = {{ sql_text(var('build_schema')) }}
                    )
                )
                or (
                    lock.locktype = 'advisory'
                    and lock.objsubid = 1
                    and (cast(lock.classid as bigint) << 32) | cast(lock.objid as bigint)
                        = {{ build_lock() }}
                )
            )
    {%- endset -%}
    {%- set pids = run_query(others).columns[0].values() | list -%}
    {%- if pids -%}
        {{ return(
            'Another dbt build is running into schema ' ~ var('build_schema') ~ ' (process '
            ~ pids | join(', ') ~ ' of the server). Nothing was built; wait for its end, then run '
            ~ 'dbt build again.'
        ) }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}
