{#
    A chain shows the modality and provider of its first call: it is looked at when that call was,
    even if the call came later; and the first call of every chain looked at is there to be read.
#}
{% macro extract_chains_and_first_calls() -%}
    {%- set calls = extracted_relation('kaapi__llm_call') -%}
    {%- set chains = extracted_relation('kaapi__llm_chain') -%}
    {%- set raw_call = tracked_source('kaapi__llm_call') -%}
    {%- set raw_chain = tracked_source('kaapi__llm_chain') -%}
    insert into {{ chains }}
    select {{ raw_values(raw_chain.columns, 'raw') }}
    from {{ calls }} as call
    inner join {{ serving_relation('fct_requests') }} as request
        on call.id = request.first_call_id
    inner join {{ raw_chain.relation }} as raw
        on cast(request.request_id as uuid) = raw.id
    where request.source_system = 'kaapi'
        and request.request_kind = 'chain'
        and not exists (select from {{ chains }} as chain where chain.id = request.request_id);

    insert into {{ calls }}
    select {{ raw_values(raw_call.columns, 'raw') }}
    from (
        select distinct
            cast({{ uuid_text(json_first_text('block_sequences')) }} as uuid) as call_id
        from {{ chains }}
    ) as first_call
    inner join {{ raw_call.relation }} as raw on first_call.call_id = raw.id
    where not exists (
        select from {{ calls }} as call where call.id = cast(first_call.call_id as text)
    );
{%- endmacro %}

{#
    Kaapi's calls whose price is not the one they are published with: of the same provider and
    model, and made while a price held that was added, changed or taken away. Deleted calls are in no
    mart, but what they would have cost is audited. Their rows say what they said: which days are to be
    counted anew is noted here.
#}
{% macro extract_repriced_calls() -%}
    {%- set extracted = extracted_relation('kaapi__llm_call') -%}
    {%- set raw_call = tracked_source('kaapi__llm_call') -%}
    {%- set columns = [
        'provider', 'model', 'input_price_usd_per_token', 'output_price_usd_per_token',
        'valid_from_at', 'valid_to_at',
    ] -%}
    {%- set compared -%}
        select
            {%- for column in columns %}
            {{ column }}{% if column in ('provider', 'model') %} collate "C" as {{ column }}{% endif %}
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
    {%- endset -%}
    {%- set requested_at = source_instant('kaapi', 'raw.inserted_at') %}
    with

    prices as (
        {{ compared }}
        from {{ build_relation_named('int_model_prices') }}
        where price_list = 'model_config'
    ),

    published_prices as (
        {{ compared }}
        from {{ serving_relation('dim_model_prices') }}
        where price_list = 'model_config'
    ),

    changed as (
        (select * from prices except select * from published_prices)
        union all
        (select * from published_prices except select * from prices)
    ),

    repriced as (
        select cast(request.request_id as uuid) as call_id
        from {{ serving_relation('fct_requests') }} as request
        inner join changed
            on request.provider = changed.provider
            and request.model = {{ text_or_unknown('changed.model') }}
            and coalesce(request.requested_at >= changed.valid_from_at, true)
            and coalesce(request.requested_at < changed.valid_to_at, true)
        where request.source_system = 'kaapi' and request.request_kind = 'call'
        union
        select raw.id
        from {{ raw_call.relation }} as raw
        inner join changed
            on {{ canonical_provider('cast(raw.provider as text)') }} = changed.provider
            and cast(raw.model as text) = changed.model
            and coalesce({{ requested_at }} >= changed.valid_from_at, true)
            and coalesce({{ requested_at }} < changed.valid_to_at, true)
        where raw.deleted_at is not null
    ),

    repriced_calls as materialized (
        select {{ raw_values(raw_call.columns, 'raw') }}
        from repriced
        inner join {{ raw_call.relation }} as raw on repriced.call_id = raw.id
    ),

    days as (
        insert into {{ build_relation_named('candidate_days') }}
        select distinct 'kaapi', {{ utc_day(source_instant('kaapi', 'inserted_at')) }}
        from repriced_calls
        where {{ source_instant('kaapi', 'inserted_at') }} is not null
    )

    insert into {{ extracted }}
    select repriced_calls.*
    from repriced_calls
    where not exists (select from {{ extracted }} as extracted where extracted.id = repriced_calls.id);
{%- endmacro %}

{#
    Notes the days on which evaluation runs say something else than the published ones, as far as the
    audit counts it: the table is read in full, so that they are found by comparing.
#}
{% macro record_days_of_changed_evaluation_runs(days) -%}
    {%- set compared -%}
        evaluation_run_id collate "C" as evaluation_run_id,
        organization_id collate "C" as organization_id,
        project_id collate "C" as project_id,
        eval_cost_usd,
        evaluated_at
    {%- endset -%}
    {%- set runs = build_relation_named('stg_kaapi__evaluation_runs') -%}
    {%- set published = serving_relation('fct_evaluation_runs') %}
    insert into {{ days }}
    select distinct 'kaapi', {{ utc_day('evaluated_at') }}
    from (
        (select {{ compared }} from {{ runs }} except select {{ compared }} from {{ published }})
        union all
        (select {{ compared }} from {{ published }} except select {{ compared }} from {{ runs }})
    ) as differing
    where evaluated_at is not null;
{%- endmacro %}
