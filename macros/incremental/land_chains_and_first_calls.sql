{#
    A chain shows the modality and provider of its first call: it is looked at when that call was,
    even if the call came later; and the first call of every chain looked at is there to be read.
#}
{% macro land_chains_and_first_calls() -%}
    {%- set calls = landed_relation('kaapi__llm_call') -%}
    {%- set chains = landed_relation('kaapi__llm_chain') -%}
    insert into {{ chains }}
    select raw.*
    from {{ calls }} as call
    inner join {{ serving_relation('fct_requests') }} as request
        on lower(cast(call.id as text)) = request.first_call_id
    inner join {{ source_relation('kaapi__llm_chain') }} as raw
        on cast(request.request_id as uuid) = raw.id
    where request.source_system = 'kaapi'
        and request.request_kind = 'chain'
        and not exists (select from {{ chains }} as chain where chain.id = raw.id);

    insert into {{ calls }}
    select raw.*
    from (
        select distinct
            cast({{ uuid_text(json_first_text('block_sequences')) }} as uuid) as call_id
        from {{ chains }}
    ) as first_call
    inner join {{ source_relation('kaapi__llm_call') }} as raw on first_call.call_id = raw.id
    where not exists (select from {{ calls }} as call where call.id = raw.id);
{%- endmacro %}
