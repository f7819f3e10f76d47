with

error_categories as (select * from {{ ref('error_categories') }}),

final as (
    select
        error_category,

        min(precedence) as precedence
    from error_categories
    group by 1
)

select * from final
