{#
    Copies the raw rows that may have changed into the landing tables, all in one transaction that
    sees one state of the raw tables: what a build reads cannot change under it. Harmless rows may
    be among them; whether a row really changed is found by comparing with what is published.
#}
{% macro land_raw_rows() -%}
    {%- if not execute or build_mode() != 'incremental' -%}
        {{ return('') }}
    {%- endif -%}
    {{ begin_snapshot() }}
    select pg_advisory_xact_lock_shared({{ build_lock('step') }});
    {%- for source in looked_at_sources() %}
    insert into {{ landed_relation(source.name) }}
    select raw.*
    from {{ source.relation }} as raw
    where {{ is_looked_back_on('raw', source, low_watermark(source)) }};
    {{ land_moved_rows(source) if source.is_event_time }}
    {%- endfor %}
    {%- if 'kaapi' in looked_at_sources() | map(attribute='system') %}
    {{ land_repriced_calls() }}
    {{ land_chains_and_first_calls() }}
    {%- endif %}
    {%- for source in watched_sources() %}
    {{ analyze_rows(landed_relation(source.name)) }}
    {%- endfor %}
{%- endmacro %}
