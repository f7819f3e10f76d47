"""Auto-Analyst's credit tiers (definitions 5.5).

How what the definitions leave open is read:

- Credits are per row: a request costs them whether or not it succeeded, or has tokens or a cost.
- `avg_tokens_per_query` of a tier divides by all its requests, that of a model by those whose count
  is known: so they are defined.
- The best tiers are compared by exact quotients, before any rounding.
- The models of `tier_definitions` stand in the order of the table.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction

from .aggregates import Number, Row, grouped, mean, ratio
from .auto_analyst_periods import (
    DEFAULT_PERIOD,
    UsageRows,
    bounds,
    usage_sums,
    used,
    window_of,
)
from .raw_auto_analyst import RawAutoAnalyst
from .windows import trailing

BASIC = "tier1"
TIERS: dict[str, tuple[str, int, tuple[str, ...]]] = {
    BASIC: ("Basic", 1, ("gpt-5-nano", "gpt-oss-20B")),
    "tier2": ("Standard", 3, ("claude-haiku-4-5", "gpt-5-mini", "gpt-5.2-chat-latest")),
    "tier3": (
        "Premium",
        5,
        (
            "o3",
            "claude-sonnet-4-5-20250929",
            "claude-sonnet-4-6",
            "deepseek-r1-distill-llama-70b",
            "gpt-oss-120B",
            "gemini-2.5-pro-preview-03-25",
            "gemini-3-flash",
            "gpt-5.2",
        ),
    ),
    "tier4": (
        "Premium Plus",
        20,
        ("gpt-5", "gpt-5.4", "claude-opus-4-5-20251101", "claude-opus-4-6", "gemini-3-pro"),
    ),
    "tier5": ("Ultimate", 50, ("gpt-5.2-pro", "gpt-5.4-pro")),
}
_TIER_OF_MODEL = {model: tier for tier, (_, _, models) in TIERS.items() for model in models}
PROJECTIONS = {"monthly": 30, "quarterly": 90, "yearly": 365}
BASELINE_DAYS = 30


def tiers_usage(raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD) -> Row:
    """auto_analyst.tiers_usage"""
    window = window_of(period, as_of)
    tiers = _rows_of_tiers(used(raw, window))
    tier_data = {
        tier: {**_tier_row(tier, rows), "models": _models(rows)} for tier, rows in tiers.items()
    }
    return {"tier_data": tier_data, "period": period, **bounds(window)}


def tiers_projections(raw: RawAutoAnalyst, as_of: datetime) -> Row:
    """auto_analyst.tiers_projections"""
    rows = _rows_of_tiers(used(raw, trailing(as_of, timedelta(days=BASELINE_DAYS))))
    daily = {tier: _daily(tier, members) for tier, members in rows.items()}
    return {
        "daily_usage": daily,
        "projections": {name: _projection(daily, days) for name, days in PROJECTIONS.items()},
        "tier_definitions": {
            tier: {"name": name, "credits": credits_, "models": list(models)}
            for tier, (name, credits_, models) in TIERS.items()
        },
    }


def tiers_efficiency(raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD) -> Row:
    """auto_analyst.tiers_efficiency"""
    window = window_of(period, as_of)
    tiers = {
        tier: _tier_row(tier, rows) for tier, rows in _rows_of_tiers(used(raw, window)).items()
    }
    efficiency = {
        tier: {
            "name": row["name"],
            "tokens_per_credit": ratio(row["total_tokens"], row["total_credit_cost"]),
            "cost_per_credit": row["cost_per_credit"],
            "credit_cost": row["credits"],
            "cost_per_1k_tokens": row["cost_per_1k_tokens"],
            "avg_tokens_per_query": row["avg_tokens_per_query"],
            "total_requests": row["total_requests"],
            "total_tokens": row["total_tokens"],
            "total_cost": row["total_cost"],
        }
        for tier, row in tiers.items()
    }
    return {
        "efficiency_data": efficiency,
        "most_efficient_tier": _best(efficiency, "tokens_per_credit", max),
        "best_value_tier": _best(efficiency, "cost_per_credit", min),
        "period": period,
        **bounds(window),
    }


def _rows_of_tiers(rows: UsageRows) -> dict[str, UsageRows]:
    groups = grouped(rows, lambda row: _TIER_OF_MODEL.get(row.model_name, BASIC))
    return {tier: groups.get(tier, []) for tier in TIERS}


def _tier_row(tier: str, rows: UsageRows) -> Row:
    name, credits_, _ = TIERS[tier]
    sums = usage_sums(rows)
    credit_cost = sums["requests"] * credits_
    return {
        "name": name,
        "credits": credits_,
        "total_tokens": sums["tokens"],
        "total_requests": sums["requests"],
        "total_cost": sums["cost"],
        "avg_tokens_per_query": ratio(sums["tokens"], sums["requests"]),
        "cost_per_1k_tokens": ratio(sums["cost"] * 1000, sums["tokens"]),
        "total_credit_cost": credit_cost,
        "cost_per_credit": ratio(sums["cost"], credit_cost),
    }


def _models(rows: UsageRows) -> list[Row]:
    found = [
        {
            "name": name,
            **usage_sums(members),
            "avg_tokens_per_query": mean(row.total_tokens for row in members),
        }
        for name, members in grouped(rows, lambda row: row.model_name).items()
    ]
    return sorted(found, key=lambda row: (-row["tokens"], row["name"]))


def _daily(tier: str, rows: UsageRows) -> Row:
    row = _tier_row(tier, rows)
    return {
        "name": row["name"],
        "daily_requests": Fraction(row["total_requests"], BASELINE_DAYS),
        "daily_tokens": Fraction(row["total_tokens"], BASELINE_DAYS),
        "daily_cost": ratio(row["total_cost"], BASELINE_DAYS),
        "daily_credits": Fraction(row["total_credit_cost"], BASELINE_DAYS),
    }


def _projection(daily: dict[str, Row], days: int) -> Row:
    maps = {
        name: {tier: row[f"daily_{name}"] * days for tier, row in daily.items()}
        for name in ("requests", "tokens", "cost", "credits")
    }
    return {**maps, **{f"total_{name}": sum(values.values()) for name, values in maps.items()}}


def _best(tiers: dict[str, Row], name: str, choose: Callable[..., Number]) -> str | None:
    """The tier with the best of the values above 0, the lower one of equals."""
    values = {tier: row[name] for tier, row in tiers.items() if row[name] > 0}
    best = choose(values.values(), default=None)
    return next((tier for tier, value in values.items() if value == best), None)
