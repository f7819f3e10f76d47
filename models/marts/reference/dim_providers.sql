with

providers as (select * from {{ ref('providers') }}),

final as (
    select
        provider,

        is_priced
    from providers
)

select * from final
