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
