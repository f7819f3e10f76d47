{#
    Requests whose raw rows were landed, and published ones whose raw rows should have been. Of a full
    build, and of one that compares everything, all requests are; it needs no list.
#}
{% macro examined_requests() -%}
    {#- Rows are landed, and counted by the audits, in the transaction that makes this list. -#}
    {%- for system in enabled_source_systems() -%}
        {%- do ref('audit_' ~ system ~ '__raw_totals') -%}
    {%- endfor -%}
    {%- if build_mode() == 'incremental' %}
    {%- for source in looked_at_sources() %}
    select
        {{ landed_request_key(source) }}
    from {{ landed_relation(source.name) }}
    union
    {%- if source.is_event_time %}
    {{ published_rows_looked_back_on(source) }}
    union
    {%- endif %}
    {%- endfor %}
    {%- endif %}
    select
        cast(null as {{ dbt.type_string() }}) as source_system,
        cast(null as {{ dbt.type_string() }}) as request_kind,
        cast(null as {{ dbt.type_string() }}) as request_id
    where 1 = 0
{%- endmacro %}
