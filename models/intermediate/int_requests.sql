with

requests as (select * from {{ ref('int_requests_reported') }}),

final as (
    {{ priced_requests('requests') }}
)

select * from final
