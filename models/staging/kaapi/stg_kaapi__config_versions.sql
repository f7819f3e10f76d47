with

source as (select * from {{ read_source('kaapi', 'config_version') }}),

-- Soft-deleted versions stay: an evaluation that ran with one did run with it.
final as (
    select
        lower({{ source_text('id') }}) as config_version_id,
        lower({{ source_text('config_id') }}) as config_id,

        cast(version as {{ dbt.type_string() }}) as config_version,
        {{ short_text(json_text_at('config_blob', ['completion', 'provider'])) }} as raw_provider,

        {{ source_instant('kaapi', 'updated_at') }} as source_updated_at
    from source
)

select * from final
