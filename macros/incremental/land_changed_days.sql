{#
    Lands a source whose changes are found day by day: the rows of the days that do not say what the
    published build read; in a full build all rows. Digests are taken first: of a row that comes
    meanwhile the next build finds a day that says something else.
#}
{% macro land_changed_days(source, mode) -%}
    {%- set digests = build_relation_named('raw_day_digests') -%}
    {%- set days = build_relation_named('landed_days') -%}
    {%- set landed = landed_relation(source.name) -%}
    create table if not exists {{ digests }} (day date, digest numeric);
    create table if not exists {{ days }} (source_system text collate "C", day date);
    truncate {{ digests }}, {{ days }};
    {%- if mode == 'full' %}
    insert into {{ landed }} select * from {{ source.relation }};
    insert into {{ digests }} {{ raw_day_digests(landed) }};
    {%- else %}
    insert into {{ digests }} {{ raw_day_digests(source.relation) }};
    insert into {{ days }}
    select distinct {{ sql_text(source.system) }}, day
    from (
        (
            select day, digest from {{ digests }}
            except
            select day, digest from {{ serving_relation('publication_raw_day_digests') }}
        )
        union all
        (
            select day, digest from {{ serving_relation('publication_raw_day_digests') }}
            except
            select day, digest from {{ digests }}
        )
    ) as changed;
    insert into {{ landed }}
    select raw.*
    from {{ source.relation }} as raw
    where coalesce(raw.date, '') in (
        -- Which day a text names is asked once for each text; none and the empty one name none.
        select coalesce(day_text.date, '')
        from (select distinct date from {{ source.relation }}) as day_text
        inner join {{ days }} as changed
            on coalesce({{ calendar_date('day_text.date') }}, 'infinity')
            = coalesce(changed.day, 'infinity')
    );
    analyze {{ days }};
    {%- endif %}
{%- endmacro %}
