-- depends_on: {{ ref('fct_requests') }}
-- depends_on: {{ published('fct_rejected_rows') }}

with

issues as (
    {{ row_issues() }}
),

final as (
    select
        md5(
            source_system || '|' || source_table || '|' || issue || '|'
            || coalesce(row_key, '-' || row_digest) || '|'
            || coalesce(
                cast(
                    {{ microseconds_between(instant_at('2000-01-01 00:00:00'), 'event_at') }}
                    as {{ dbt.type_string() }}
                ), ''
            )
        ) as issue_id,
        source_system,
        source_table,
        row_key,
        issue,
        case
            when issue in ('no_key', 'no_time', 'superseded') then 'rejected'
            when issue = 'copy' then 'copied'
            else 'marked'
        end as outcome,

        organization_id,
        project_id,

        preview,
        row_digest,

        raw_rows,

        event_at
    from issues
)

select * from final
