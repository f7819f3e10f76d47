{# Published requests of a source that tells no time of update, within the look-back, and untimed. #}
{% macro published_rows_looked_back_on(source) -%}
    select
        request.source_system,
        request.request_kind,
        request.request_id
    from {{ serving_relation('fct_requests') }} as request
    where request.source_system = {{ sql_text(source.system) }}
        and (
            request.requested_at >= {{ low_watermark(source.name) }}
            or request.requested_at is null
        )
{%- endmacro %}
