-- Never: a feedback that Auto-Analyst wrote is missing from fct_feedback, or counts twice.
-- Why: an average over lost or doubled ratings looks like any other.
-- Relies on it: fct_feedback.
{{ config(enabled='auto_analyst' in var('source_systems')) }}

with

raw_rows as (
    select
        count(*) as feedbacks,
        count(rating) as rated_feedbacks,
        coalesce(sum(rating), 0) as stars
    from {{ read_source('auto_analyst', 'message_feedback') }}
),

mart_rows as (
    select
        count(*) as feedbacks,
        count(rating) as rated_feedbacks,
        coalesce(sum(rating), 0) as stars
    from {{ ref('fct_feedback') }}
    where source_system = 'auto_analyst' and not is_archived
)

select
    raw_rows.feedbacks as raw_feedbacks,
    mart_rows.feedbacks as mart_feedbacks,
    raw_rows.stars as raw_stars,
    mart_rows.stars as mart_stars
from raw_rows
cross join mart_rows
where
    raw_rows.feedbacks <> mart_rows.feedbacks
    or raw_rows.rated_feedbacks <> mart_rows.rated_feedbacks
    or raw_rows.stars <> mart_rows.stars
