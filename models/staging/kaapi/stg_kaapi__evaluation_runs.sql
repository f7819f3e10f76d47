with

source as (select * from {{ read_source('kaapi', 'evaluation_run') }}),

final as (
    select
        cast('kaapi' as {{ dbt.type_string() }}) as source_system,
        cast(id as {{ dbt.type_string() }}) as evaluation_run_id,

        {{ text_or_unknown('organization_id') }} as organization_id,
        {{ text_or_unknown('project_id') }} as project_id,
        lower({{ source_text('config_id') }}) as config_id,
        cast(config_version as {{ dbt.type_string() }}) as config_version,

        {{ source_text('type') }} as evaluation_type,
        -- The column is misnamed: it holds model names.
        {{ short_text(json_first_text('providers')) }} as raw_model,
        nullif({{ source_text('run_name') }}, '') as run_name,
        nullif({{ source_text('dataset_name') }}, '') as dataset_name,
        nullif({{ source_text('status') }}, '') as status,

        {{ json_usd('cost', 'total_cost_usd') }} as eval_cost_usd,

        {{ source_instant('kaapi', 'inserted_at') }} as evaluated_at,
        {{ source_instant('kaapi', 'updated_at') }} as source_updated_at
    from source
)

select * from final
