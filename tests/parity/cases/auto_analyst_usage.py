"""What the figures of usage, costs, sessions and tiers are asked (definitions 5.3 to 5.5)."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.parity.cases.auto_analyst_quality import INSTANTS, NO_PERIODS, PERIODS
from tests.reference.dice import AS_OF

Cases = list[tuple[datetime, dict[str, Any]]]

_AMOUNTS = ("requests", "tokens", "cost", "credits")
_PROJECTIONS = ("monthly", "quarterly", "yearly")
# Names, or ends of paths, whose values are quotients that need not end.
QUOTIENTS = frozenset(
    {
        *("dailyCost", "dailyTokens", "nextMonth", "next3Months", "nextYear", "tokensNextMonth"),
        *("avg_response_time", "avg_tokens", "success_rate", "avgDailyCost"),
        *("costPerThousandTokens", "avg_tokens_per_query", "cost_per_1k_tokens"),
        *("cost_per_credit", "tokens_per_credit"),
        *(f"daily_{amount}" for amount in _AMOUNTS),
        *(f"{span}.total_{amount}" for span in _PROJECTIONS for amount in _AMOUNTS),
        *(f"{amount}.tier{n}" for amount in _AMOUNTS for n in range(1, 6)),
    }
)
PERIODICAL = (
    *("dashboard", "users_activity", "usage_models", "models_history"),
    *("costs_summary", "costs_daily", "costs_models", "tiers_usage", "tiers_efficiency"),
)
TIMELY = (
    *("sessions_stats", "models_metrics", "public_ticker"),
    *("costs_projections", "costs_today", "tiers_projections"),
)
# Figures about today or about a month care for midnights and for days with few rows.
MOMENTS = [*INSTANTS, *(AS_OF - timedelta(days=n, hours=n) for n in range(1, 40, 3))]
LIMITS = [1, 2, 7, 100, 10_000]
OFFSETS = [0, 1, 5, 14, 15, 1_000]


def cases(figure: str, rng: Random) -> Cases | None:
    """The questions to one of these figures; None for a figure of another kind."""
    name = figure.removeprefix("auto_analyst.")
    if name in PERIODICAL:
        found: Cases = [(as_of, {"period": period}) for as_of in MOMENTS for period in PERIODS]
        found += [(as_of, {}) for as_of in INSTANTS]
        return found + [(AS_OF, {"period": period}) for period in NO_PERIODS]
    if name in TIMELY:
        return [(as_of, {}) for as_of in MOMENTS]
    return _users(rng) if name == "users" else None


def _users(rng: Random) -> Cases:
    pages = [{"limit": limit, "offset": offset} for limit in LIMITS for offset in OFFSETS]
    found: Cases = [(AS_OF, page) for page in pages]
    found += [(as_of, rng.choice(pages)) for as_of in MOMENTS]
    found += [(as_of, {}) for as_of in INSTANTS] + [(AS_OF, {"offset": 3}), (AS_OF, {"limit": 3})]
    return [*found, (AS_OF, {"limit": 0}), (AS_OF, {"limit": -1}), (AS_OF, {"offset": -1})]
