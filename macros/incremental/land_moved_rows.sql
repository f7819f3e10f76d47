{#
    Of a source that tells no time of update: rows published within the look-back whose own time has
    left it since. Those that are gone altogether are found missing. They are few or none: each is
    fetched by its key (offset 0), not all rows to find it.
#}
{% macro land_moved_rows(source) -%}
    {%- set key = source_key(source.name) -%}
    {%- set landed = landed_relation(source.name) -%}
    insert into {{ landed }}
    select raw.*
    from (
        {{ published_rows_looked_back_on(source) }}
    ) as request
    cross join lateral (
        select raw.* from {{ source.relation }} as raw
        where raw.{{ key.column }} = cast(request.request_id as {{ key.type }})
        offset 0
    ) as raw
    where not exists (
        select from {{ landed }} as landed
        where cast(landed.{{ key.column }} as text) = request.request_id
    );
{%- endmacro %}
