-- Never: a failed agent or an error of a run of code is missing from its mart, counts twice, or is
-- reported of a run that succeeded.
-- Why: nobody would look for an agent that seems to work.
-- Relies on it: fct_code_execution_errors.
--
-- Law 1. Counted from the raw texts with other means than the models; the means are those of
-- Postgres. Texts with escapes, long or with exponents, or with many brackets are left to the unit
-- tests: not every one of them that is JSON can be kept.
{{ config(enabled=('auto_analyst' in var('source_systems') and target.type == 'postgres')) }}

with

raw_rows as (
    select
        cast(execution_id as text) as execution_id,
        case when failed_agents is json array then cast(failed_agents as json) end as agents,
        case when error_messages is json object then cast(error_messages as json) end as errors,
        is_successful is not true as is_unsuccessful
    from {{ read_source('auto_analyst', 'code_executions') }}
    where
        coalesce(failed_agents, '') || coalesce(error_messages, '')
        !~ '\\u|[0-9][eE]|[0-9]{200}|([[{][^[{]*){100}'
),

raw_counts as (
    select
        execution_id,
        case
            when is_unsuccessful
                then (
                    select count(*)
                    from json_array_elements(raw_rows.agents) as element
                    where json_typeof(element) = 'string'
                )
            else 0
        end as failed_agents,
        case
            when is_unsuccessful
                then (
                    select count(distinct agent_name)
                    from json_object_keys(raw_rows.errors) as agent_name
                )
            else 0
        end as errors
    from raw_rows
),

mart_counts as (
    select
        execution_id,
        count(*) filter (where error_kind = 'failed_agent') as failed_agents,
        count(*) filter (where error_kind = 'error') as errors
    from {{ ref('fct_code_execution_errors') }}
    where source_system = 'auto_analyst' and not is_archived
    group by 1
)

select
    raw_counts.execution_id,
    raw_counts.failed_agents as raw_failed_agents,
    mart_counts.failed_agents as mart_failed_agents,
    raw_counts.errors as raw_errors,
    mart_counts.errors as mart_errors
from raw_counts
left join mart_counts on raw_counts.execution_id = mart_counts.execution_id
where
    raw_counts.failed_agents <> coalesce(mart_counts.failed_agents, 0)
    or raw_counts.errors <> coalesce(mart_counts.errors, 0)
