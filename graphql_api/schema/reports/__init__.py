"""Reports: figures that are no grouping of one mart, each a field written by hand.

A report asks questions of the same query layer as everyone else, and does arithmetic with their
answers: scope, time, cost and every other rule stay where they are. One module per subject; a new
report is a function marked with ``report``, listed in ``REPORTS``.
"""

from graphql_api.schema.reports.activity import recent_activity, week_over_week
from graphql_api.schema.reports.cost_analysis import cost_analysis
from graphql_api.schema.reports.costs import cost_projections
from graphql_api.schema.reports.errors import error_analysis
from graphql_api.schema.reports.outcomes import outcome_costs
from graphql_api.schema.reports.report import Report
from graphql_api.schema.reports.sessions import session_statistics
from graphql_api.schema.reports.system_health import system_health
from graphql_api.schema.reports.tag_users import tag_users
from graphql_api.schema.reports.tags import tag_activity, tag_summary
from graphql_api.schema.reports.ticker import public_ticker
from graphql_api.schema.reports.tier_projections import credit_tier_projections
from graphql_api.schema.reports.tiers import credit_tier_usage
from graphql_api.schema.reports.usage_metrics import usage_metrics
from graphql_api.schema.reports.users import user_activity
from graphql_api.schema.reports.what_if import what_if

REPORTS: tuple[Report, ...] = (
    cost_projections,
    outcome_costs,
    what_if,
    credit_tier_usage,
    credit_tier_projections,
    session_statistics,
    tag_activity,
    tag_summary,
    tag_users,
    user_activity,
    error_analysis,
    usage_metrics,
    system_health,
    cost_analysis,
    public_ticker,
    recent_activity,
    week_over_week,
)
