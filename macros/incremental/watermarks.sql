{# From when on this build looks at the rows of a watched source: no rows at last time, all rows now. #}
{% macro low_watermark(source) -%}
    {{ return(watermark_instant('watermark.low_watermark', source)) }}
{%- endmacro %}

{# From when on the next build looks at the rows of a watched source. #}
{% macro next_low_watermark(source) -%}
    {{ return(watermark_instant(
        'watermark.high_watermark - interval ' ~ sql_text(source.lookback), source
    )) }}
{%- endmacro %}

{#
    An instant that the watermarks of a source tell; before all others where they tell none. The instant
    itself, not a query for it: whoever has to guess how many rows come after it reads them all.
#}
{% macro watermark_instant(instant, source) -%}
    {%- set query -%}
        select to_json({{ instant }}) #>> '{}' as instant
        from {{ build_relation_named('build_watermarks') }} as watermark
        where watermark.source_name = {{ sql_text(source.name) }}
    {%- endset -%}
    {%- set found = run_query(query).rows -%}
    cast({{ sql_text((found[0].instant if found else none) or '-infinity') }} as timestamp)
{%- endmacro %}

{# Whether a raw row may have changed since an instant, or does not tell. #}
{% macro is_within_lookback(row, source, since) -%}
    ({{ row }}.{{ source.column }} >= {{ since }}
        or {{ row }}.{{ source.column }} < '2000-01-01'
        or {{ row }}.{{ source.column }} is null)
{%- endmacro %}

{#
    Published requests of a source that tells no time of update, within the look-back, and untimed. Apart,
    as one condition of both would have Postgres read all of the source's requests.
#}
{% macro published_rows_within_lookback(source) -%}
    {%- set since = source_time_of_watermark(source) -%}
    {%- for condition in [
        'request.requested_at >= ' ~ since, 'request.requested_at is null',
    ] %}
    select
        request.source_system,
        request.request_kind,
        request.request_id,
        request.requested_at
    from {{ serving_relation('fct_requests') }} as request
    where request.source_system = {{ sql_text(source.system) }} and {{ condition }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#
    Published requests of the keys that are looked at, whatever their time: of a source that tells when a
    row changed, a request whose time changed takes the place of the one of its former time.
#}
{% macro published_rows_of_extracted_keys(source) -%}
    select
        request.source_system,
        request.request_kind,
        request.request_id,
        request.requested_at
    from (
        select
            {{ extracted_request_key(source) }}
        from {{ extracted_relation(source.name) }} as extracted
    ) as extracted
    inner join {{ serving_relation('fct_requests') }} as request
        on extracted.source_system = request.source_system
        and extracted.request_kind = request.request_kind
        and extracted.request_id = request.request_id
{%- endmacro %}

{# The instant of low_watermark, which is a time of the source's zone. #}
{% macro source_time_of_watermark(source) -%}
    timezone({{ sql_text(source_time_zone(source.system)) }}, {{ low_watermark(source) }})
{%- endmacro %}
