with

issues as (select * from {{ ref('inc_row_issues') }}),

seen as (
    select
        issue_id,
        min(first_found_at) as first_found_at
    from {{ ref('hist_rejected_rows') }}
    group by 1
),

final as (
    select
        issues.source_system,
        issues.source_table,
        issues.row_key,
        issues.issue,
        issues.outcome,

        issues.organization_id,
        issues.project_id,

        issues.preview,
        issues.row_digest,

        issues.raw_rows,

        issues.event_at,
        seen.first_found_at
    from issues
    left join seen on issues.issue_id = seen.issue_id
)

select * from final
