{#
    Of a source that tells no time of update: rows published within the look-back whose own time has
    left it since. Those that are gone altogether are found missing.
#}
{% macro land_moved_rows(source) -%}
    {%- set key = source_key(source.name) -%}
    {%- set landed = landed_relation(source.name) -%}
    insert into {{ landed }}
    select raw.*
    from {{ serving_relation('fct_requests') }} as request
    inner join {{ source.relation }} as raw
        on cast(request.request_id as {{ key.type }}) = raw.{{ key.column }}
    where request.source_system = {{ sql_text(source.system) }}
        and (
            request.requested_at >= {{ low_watermark(source.name) }}
            or request.requested_at is null
        )
        and not exists (
            select from {{ landed }} as landed where landed.{{ key.column }} = raw.{{ key.column }}
        );
{%- endmacro %}
