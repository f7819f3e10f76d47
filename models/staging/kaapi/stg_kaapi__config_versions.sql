with

source as (select * from {{ read_source('kaapi', 'config_version') }}),

-- Soft-deleted versions stay: an evaluation that ran with one did run with it.
final as (
    select
        lower(cast(id as {{ dbt.type_string() }})) as config_version_id,
        lower(cast(config_id as {{ dbt.type_string() }})) as config_id,

        cast(version as {{ dbt.type_string() }}) as config_version,
        {{ json_text_at('config_blob', ['completion', 'provider']) }} as raw_provider
    from source
)

select * from final
