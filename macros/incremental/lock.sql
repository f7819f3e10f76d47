{#
    Why no build can begin now, or nothing: another session makes a mart (hold_build_schema), writes in
    the build schema, which only builds do, or holds the lock by which the command line keeps builds
    apart. The command that started this very build says in the environment which session of its own
    holds that lock.
#}
{% macro reason_not_to_begin() -%}
    {%- set others -%}
        select distinct
            lock.pid,
            coalesce(nullif(activity.application_name, ''), 'another program') as program
        from pg_catalog.pg_locks as lock
        left join pg_catalog.pg_class as relation on lock.relation = relation.oid
        left join pg_catalog.pg_stat_activity as activity on lock.pid = activity.pid
        where lock.pid <> pg_backend_pid()
            and cast(lock.pid as text)
                <> {{ sql_text(env_var('USAGE_WAREHOUSE_LOCK_HOLDER', '')) }}
            and lock.granted
            and lock.database = (select oid from pg_database where datname = current_database())
            and (
                (
                    lock.mode in ('RowExclusiveLock', 'ShareLock', 'AccessExclusiveLock')
                    and relation.relnamespace = (
                        select oid from pg_namespace
                        where nspname = {{ sql_text(warehouse_schema('build')) }}
                    )
                )
                or (
                    lock.locktype = 'advisory'
                    and lock.objsubid = 1
                    and (cast(lock.classid as bigint) << 32) | cast(lock.objid as bigint)
                        in ({{ build_lock('command') }}, {{ build_lock('step') }})
                )
            )
    {%- endset -%}
    {%- set sessions = run_query(others).rows -%}
    {%- if sessions -%}
        {{ return(
            'Another dbt build is running into schema ' ~ warehouse_schema('build') ~ ' ('
            ~ sessions | map(attribute='program') | unique | join(', ') ~ ': process '
            ~ sessions | map(attribute='pid') | join(', ') ~ ' of the server). Nothing was built; '
            ~ 'wait for its end, then run dbt build again.'
        ) }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{#
    The number of a lock: `command` is that by which the command line keeps builds apart while one is
    running, `step` that which a build holds in the transactions of its models.
#}
{% macro build_lock(kind) -%}
    {%- set titles = {'command': 'build ', 'step': 'step of build '} -%}
    {%- if kind not in titles -%}
        {{ exceptions.raise_compiler_error('build_lock has no kind ' ~ kind ~ '; say command or step') }}
    {%- endif -%}
    hashtextextended({{ sql_text(titles[kind] ~ warehouse_schema('build')) }}, 0)
{%- endmacro %}

{#
    Lets other builds see, until the calling model's transaction ends, that this one is at work, even
    while it only reads or while what it makes is visible to nobody.
#}
{% macro hold_build_schema() -%}
    {%- if execute and target.type == 'postgres' -%}
    {%- call statement('hold_build_schema') -%}
        select pg_advisory_xact_lock_shared({{ build_lock('step') }})
    {%- endcall -%}
    {%- endif -%}
{%- endmacro %}
