{#
    Lands a source whose changes are found day by day: the rows of the days that do not say what the
    published build read; where all is compared, and in a full build, all rows. In one statement, which
    sees one state of the rows: what comes meanwhile is the next build's. There is one such source,
    LiteLLM's tag spend, and the tables that hold its days name none.
#}
{% macro land_changed_days(source, mode) -%}
    {%- set digests = build_relation_named('raw_day_digests') -%}
    {%- set landed_days = build_relation_named('landed_days') -%}
    {%- set published = serving_relation('publication_raw_day_digests') -%}
    {%- set landed = landed_relation(source.name) -%}
    create table if not exists {{ digests }} (day date, digest numeric);
    truncate {{ digests }};
    {%- if mode == 'full' %}
    insert into {{ landed }} select * from {{ source.relation }};
    insert into {{ digests }} {{ raw_day_digests(landed) }};
    {%- else %}
    with

    days as materialized (
        {{ raw_day_digests(source.relation) }}
    ),

    digested as (
        insert into {{ digests }} select day, digest from days
    ),

    changed as materialized (
        {%- if mode == 'reconcile' %}
        select day from days
        union distinct
        select day from {{ serving_relation('fct_daily_tag_usage') }}
        {%- else %}
        select day
        from (
            (select day, digest from days except select day, digest from {{ published }})
            union all
            (select day, digest from {{ published }} except select day, digest from days)
        ) as differing
        group by day
        {%- endif %}
    ),

    noted as (
        insert into {{ landed_days }} select {{ sql_text(source.system) }}, day from changed
    ),

    -- Which day a text names is asked once for each text; none and the empty one name none.
    changed_texts as (
        select coalesce(day_text.date, '') as day_text
        from (select distinct date from {{ source.relation }}) as day_text
        inner join changed
            on coalesce({{ calendar_date('day_text.date') }}, 'infinity')
            = coalesce(changed.day, 'infinity')
    )

    insert into {{ landed }}
    select raw.*
    from {{ source.relation }} as raw
    where coalesce(raw.date, '') in (select day_text from changed_texts);
    analyze {{ landed_days }};
    {%- endif %}
{%- endmacro %}
