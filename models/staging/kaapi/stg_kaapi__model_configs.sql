with

source as (select * from {{ read_source('kaapi', 'model_config') }}),

final as (
    select
        cast('kaapi' as {{ dbt.type_string() }}) as source_system,
        cast(id as {{ dbt.type_string() }}) as model_config_id,

        {{ source_text('provider') }} as raw_provider,
        {{ source_text('model_name') }} as raw_model,

        coalesce(is_active, false) as is_active,

        {{ json_token_price('pricing', 'response', 'input_token_cost') }}
            as input_price_usd_per_token,
        {{ json_token_price('pricing', 'response', 'output_token_cost') }}
            as output_price_usd_per_token,

        {{ source_instant('kaapi', 'updated_at') }} as source_updated_at
    from source
)

select * from final
