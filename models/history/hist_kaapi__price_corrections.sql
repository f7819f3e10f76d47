with

-- A build only makes the table: `usage-warehouse reprice` writes its rows.
final as (
    select
        cast(null as {{ dbt.type_string() }}) as correction_id,
        cast(null as {{ dbt.type_string() }}) as source_system,
        cast(null as {{ dbt.type_string() }}) as withdrawn_correction_id,

        cast(null as {{ dbt.type_string() }}) as provider,
        cast(null as {{ dbt.type_string() }}) as raw_model,
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(null as {{ dbt.type_string() }}) as corrected_by,

        cast(null as numeric(22, 22)) as input_price_usd_per_token,
        cast(null as numeric(22, 22)) as output_price_usd_per_token,

        cast(null as {{ instant_type() }}) as valid_from_at,
        cast(null as {{ instant_type() }}) as valid_to_at,
        cast(null as {{ instant_type() }}) as corrected_at
    where 1 = 0
)

select * from final
