"""The Auto-Analyst figures (definitions, section 5) in plain Python, each under its figure id."""

from .auto_analyst_executions import (
    code_executions_detailed,
    code_executions_summary,
    code_executions_users,
    error_analysis,
)
from .auto_analyst_feedback import feedback_detailed, feedback_summary
from .auto_analyst_tiers import tiers_efficiency, tiers_projections, tiers_usage
from .auto_analyst_usage import (
    costs_daily,
    costs_models,
    costs_projections,
    costs_summary,
    costs_today,
    dashboard,
    models_history,
    models_metrics,
    public_ticker,
    sessions_stats,
    usage_models,
    users,
    users_activity,
)

_FUNCTIONS = (
    dashboard,
    users,
    users_activity,
    sessions_stats,
    usage_models,
    models_history,
    models_metrics,
    public_ticker,
    costs_summary,
    costs_daily,
    costs_models,
    costs_projections,
    costs_today,
    tiers_usage,
    tiers_projections,
    tiers_efficiency,
    code_executions_summary,
    code_executions_detailed,
    code_executions_users,
    error_analysis,
    feedback_summary,
    feedback_detailed,
)
FIGURES = {f"auto_analyst.{function.__name__}": function for function in _FUNCTIONS}
