{# Drops what full builds replaced (outdated_name): after one that passed, nothing reads it. #}
{% macro drop_outdated_relations() -%}
    do $drop$
    declare
        outdated record;
    begin
        for outdated in
            select
                relation.oid, relation.relname,
                case relation.relkind when 'v' then 'view' else 'table' end as kind
            from pg_catalog.pg_class as relation
            where relation.relnamespace
                = cast({{ sql_text(adapter.quote(var('build_schema'))) }} as regnamespace)
                and relation.relkind in ('v', 'r')
                and relation.relname ~ '^outdated_(read|landed)_[0-9a-f]{12}$'
        loop
            if exists (select from pg_catalog.pg_class where oid = outdated.oid) then
                execute format(
                    'drop %s %I.%I cascade',
                    outdated.kind, {{ sql_text(var('build_schema')) }}, outdated.relname
                );
            end if;
        end loop;
    end $drop$;
{%- endmacro %}
