{{ config(pre_hook="{{ land_raw_rows() }}", post_hook="{{ audit_landed_rows() }}") }}

-- depends_on: {{ ref('int_model_prices') }}
{% for source_system in enabled_source_systems() %}
-- depends_on: {{ ref('audit_' ~ source_system ~ '__raw_totals') }}
{% endfor %}

-- Requests whose raw rows were landed, and published ones whose raw rows should have been. Of a full
-- build, and of one that compares everything, all requests are; it needs no list.
with

examined as (
    {% if build_mode() == 'incremental' %}
    {% for source in watched_sources() if not source.is_whole %}
    {% set key = source_key(source.name) %}
    select
        '{{ source.system }}' collate "C" as source_system,
        '{{ 'chain' if source.table == 'llm_chain' else 'call' }}' collate "C" as request_kind,
        {{ 'lower(' if source.system == 'kaapi' }}cast({{ key.column }} as text){{ ')' if source.system == 'kaapi' }} collate "C" as request_id
    from {{ landed_relation(source.name) }}
    union
    {% if source.is_event_time %}
    {{ published_rows_looked_back_on(source) }}
    union
    {% endif %}
    {% endfor %}
    {% endif %}
    select
        cast(null as {{ dbt.type_string() }}) as source_system,
        cast(null as {{ dbt.type_string() }}) as request_kind,
        cast(null as {{ dbt.type_string() }}) as request_id
    where 1 = 0
),

final as (
    select
        source_system,
        request_kind,
        request_id
    from examined
)

select * from final
