with

archived as (
    {{ archived_rows('fct_requests') }}
),

requests as (
    select
        {{ request_of_archived_row('archived') }}
    from archived
),

priced_requests as (
    {{ priced_requests('requests') }}
),

final as (
    select
        {{ repriced_archived_row('archived', 'priced_requests') }}
    from archived
    inner join priced_requests
        on
            archived.source_system = priced_requests.source_system
            and archived.request_kind = priced_requests.request_kind
            and archived.request_id = priced_requests.request_id
            and archived.requested_at = priced_requests.requested_at
)

select * from final
