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
