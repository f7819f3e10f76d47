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
