with

source as (select * from {{ read_source('enclava', 'budgets') }}),

final as (
    select
        cast('enclava' as {{ dbt.type_string() }}) as source_system,
        cast(id as {{ dbt.type_string() }}) as budget_id,

        cast(user_id as {{ dbt.type_string() }}) as owner_user_id,
        cast(api_key_id as {{ dbt.type_string() }}) as api_key_id,

        {{ source_text('name') }} as budget_name,
        {{ source_text('period_type') }} as period_type,

        -- Only true counts as true.
        coalesce(is_active, false) as is_active,
        coalesce(is_exceeded, false) as is_exceeded,

        {{ cents_as_usd('limit_cents') }} as budget_limit_usd,
        {{ cents_as_usd('current_usage_cents') }} as budget_used_usd,

        {{ source_instant('enclava', 'period_start') }} as period_started_at,
        {{ source_instant('enclava', 'period_end') }} as period_ended_at,
        {{ source_instant('enclava', 'created_at') }} as created_at,
        {{ source_instant('enclava', 'updated_at') }} as source_updated_at
    from source
)

select * from final
