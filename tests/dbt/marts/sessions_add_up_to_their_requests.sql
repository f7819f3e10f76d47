-- Never: a request, token or cent of a session is missing from fct_sessions, or counts twice.
-- Why: requests and cost per session would be wrong, and nobody would see it.
-- Relies on it: fct_sessions as what the requests of a session add up to (law 4).
with

sessions as (
    select
        source_system,
        organization_id,
        project_id,
        count(*) as session_count,
        sum(session_requests) as requests,
        sum(session_input_tokens) as input_tokens,
        sum(session_output_tokens) as output_tokens,
        sum(session_total_tokens) as total_tokens,
        sum(session_cost_usd) as cost_usd
    from {{ get_where_subquery(ref('fct_sessions')) }}
    group by 1, 2, 3
),

requests as (
    select
        source_system,
        organization_id,
        project_id,
        count(distinct session_id) as session_count,
        count(*) as requests,
        coalesce(sum(input_tokens), 0) as input_tokens,
        coalesce(sum(output_tokens), 0) as output_tokens,
        coalesce(sum(total_tokens), 0) as total_tokens,
        sum(cost_usd) as cost_usd
    from {{ ref('inc_requests_of_affected_sessions') }}
    where session_id is not null
    group by 1, 2, 3
),

-- Set operations take two NULLs for equal.
not_in_requests as (
    select * from sessions
    except
    select * from requests
),

not_in_sessions as (
    select * from requests
    except
    select * from sessions
)

select
    'sessions' as only_in,
    not_in_requests.*
from not_in_requests
union all
select
    'requests' as only_in,
    not_in_sessions.*
from not_in_sessions
