with

recorded as (select * from {{ ref('hist_kaapi__price_corrections') }}),

final as (
    select
        correction_id,
        provider,
        raw_model,
        input_price_usd_per_token,
        output_price_usd_per_token,
        valid_from_at,
        valid_to_at,
        corrected_at
    from recorded
    where
        withdrawn_correction_id is null
        and not exists (
            select 1
            from recorded as withdrawal
            where recorded.correction_id = withdrawal.withdrawn_correction_id
        )
)

select * from final
