with

issues as (select distinct issue_id from {{ ref('inc_row_issues') }}),

final as (
    select
        issues.issue_id,
        {{ instant_of_reading() }} as first_found_at,
        cast('{{ invocation_id }}' as {{ dbt.type_string() }}) as build_id
    from issues
    {% if is_incremental() %}
    left join {{ this }} as seen
        on issues.issue_id = seen.issue_id
    where seen.issue_id is null
    {% endif %}
)

select * from final
