-- A chain has the modality and provider of its first call, whether that is deleted or not.
select
    cast(date_trunc('month', chains.inserted_at) as date) as month,
    case
        when calls.input_type = 'text' and calls.output_type = 'text' then 'T-FS-T'
        when calls.input_type = 'audio' and calls.output_type = 'audio' then 'S-FS-S'
        when calls.input_type = 'audio' and calls.output_type = 'text' then 'STT'
        when calls.input_type = 'text' and calls.output_type = 'audio' then 'TTS'
        else 'OTHER'
    end as modality,
    coalesce(nullif(regexp_replace(calls.provider, '-native$', ''), ''), 'unknown') as provider,
    count(*) as chains
from kaapi.llm_chain as chains
left join kaapi.llm_call as calls
    on calls.id = cast(chains.block_sequences ->> 0 as uuid)
where
    cast(%(organization_id)s as integer) is null
    or chains.organization_id = cast(%(organization_id)s as integer)
group by 1, 2, 3
