{#
    Published requests of a source that tells no time of update, within the look-back, and untimed. Apart,
    as one condition of both would have Postgres read all of the source's requests.
#}
{% macro published_rows_looked_back_on(source) -%}
    {%- for condition in [
        'request.requested_at >= ' ~ low_watermark(source), 'request.requested_at is null',
    ] %}
    select
        request.source_system,
        request.request_kind,
        request.request_id
    from {{ serving_relation('fct_requests') }} as request
    where request.source_system = {{ sql_text(source.system) }} and {{ condition }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
