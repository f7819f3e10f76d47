-- Never: a run of code that Auto-Analyst wrote is missing from its mart, or counts twice.
-- Why: a success rate over lost or doubled runs looks like any other.
-- Relies on it: fct_code_executions.
{{ config(enabled='auto_analyst' in var('source_systems')) }}

with

raw_rows as (
    select
        {{ audited_instant('auto_analyst', 'created_at') }} as executed_at,
        count(*) as code_executions,
        sum(case when is_successful then 1 else 0 end) as successful_executions,
        count(error_messages) as executions_with_errors,
        count(user_id) as with_user,
        count(model_name) as with_model,
        coalesce(sum({{ audited_count('model_max_tokens') }}), 0) as max_tokens
    from {{ read_source('auto_analyst', 'code_executions') }}
    where
        {{ audited_instant('auto_analyst', 'created_at') }}
        < {{ instant_at('2099-12-31 00:00:00') }}
    group by 1
),

mart_rows as (
    select
        executed_at,
        count(*) as code_executions,
        sum(case when is_successful then 1 else 0 end) as successful_executions,
        sum(case when has_error_messages then 1 else 0 end) as executions_with_errors,
        count(user_id) as with_user,
        sum(case when has_model then 1 else 0 end) as with_model,
        coalesce(sum(max_tokens), 0) as max_tokens
    from {{ ref('fct_code_executions') }}
    where
        source_system = 'auto_analyst'
        and not is_archived
        and executed_at < {{ instant_at('2099-12-31 00:00:00') }}
    group by 1
),

raw_count as (
    select count(*) as executions
    from {{ read_source('auto_analyst', 'code_executions') }}
),

mart_count as (
    select count(*) as executions
    from {{ ref('fct_code_executions') }}
    where source_system = 'auto_analyst' and not is_archived
)

select
    coalesce(raw_rows.executed_at, mart_rows.executed_at) as executed_at,
    raw_rows.code_executions as raw_executions,
    mart_rows.code_executions as mart_executions
from raw_rows
full outer join mart_rows on raw_rows.executed_at = mart_rows.executed_at
where
    raw_rows.code_executions is distinct from mart_rows.code_executions
    or raw_rows.successful_executions is distinct from mart_rows.successful_executions
    or raw_rows.executions_with_errors is distinct from mart_rows.executions_with_errors
    or raw_rows.with_user is distinct from mart_rows.with_user
    or raw_rows.with_model is distinct from mart_rows.with_model
    or raw_rows.max_tokens is distinct from mart_rows.max_tokens
union all
select
    cast(null as {{ instant_type() }}) as executed_at,
    raw_count.executions as raw_executions,
    mart_count.executions as mart_executions
from raw_count
cross join mart_count
where raw_count.executions <> mart_count.executions
