-- A run has the provider of its stored configuration, else the only one that lists its model.
select
    cast(date_trunc('month', runs.inserted_at) as date) as month,
    case lower(runs.type)
        when 'text' then 'T-FS-T' when 'stt' then 'STT' when 'tts' then 'TTS' else 'OTHER'
    end as modality,
    coalesce(nullif(configured.provider, 'unknown'), models.provider, 'unknown') as provider,
    coalesce(sum(cast(runs.cost ->> 'total_cost_usd' as numeric)), 0) as eval_cost_usd
from kaapi.evaluation_run as runs
left join (
    select
        config_id,
        version,
        case
            when jsonb_typeof(config_blob #> '{completion,provider}') = 'string'
                then nullif(
                    regexp_replace(config_blob #>> '{completion,provider}', '-native$', ''), ''
                )
        end as provider
    from kaapi.config_version
) as configured
    on configured.config_id = runs.config_id and configured.version = runs.config_version
left join (
    select
        model_name,
        min(nullif(regexp_replace(provider, '-native$', ''), '')) as provider
    from kaapi.model_config
    group by 1
    having count(distinct regexp_replace(provider, '-native$', '')) = 1
) as models
    on models.model_name = nullif(runs.providers ->> 0, '')
where
    cast(%(organization_id)s as integer) is null
    or runs.organization_id = cast(%(organization_id)s as integer)
group by 1, 2, 3
