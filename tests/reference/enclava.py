"""The Enclava figures (definitions, section 6) in plain Python, straight from raw rows."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from .aggregates import Number, Row, grouped, known, mean, ratio, total
from .json_values import round_half_away
from .raw_enclava import Budget, RawEnclava, UsageTracking
from .refusals import require_between
from .windows import trailing

LONGEST_HOURS = 168
LONGEST_DAYS = 365
LISTED = 10
WITHOUT_STATUS = "unknown"
FIRST_FAILED_STATUS = 400
NEAR_LIMIT_PERCENT = 80

# Thresholds from the strictest down, each with its points and its issue code.
_ERROR_CHECKS = ((10, 30, "error_rate_high"), (5, 15, "error_rate_elevated"))
_LATENCY_CHECKS = ((5, 25, "response_time_high"), (2, 10, "response_time_elevated"))
_SPEND_CHECKS = ((90, 20, "budget_usage_critical"), (75, 10, "budget_usage_high"))


def usage_metrics(
    raw: RawEnclava,
    as_of: datetime,
    *,
    hours: int = 24,
    user_id: int | None = None,
    api_key_id: int | None = None,
) -> Row:
    """enclava.usage_metrics"""
    require_between("hours", hours, 1, LONGEST_HOURS)
    rows = _requests(raw, as_of, timedelta(hours=hours), user_id, api_key_id)
    tokens, cents = _tokens(rows), _cents(rows)
    return {
        "total_requests": len(rows),
        **_outcomes(rows),
        "avg_response_time": round_half_away(mean(row.response_time_ms for row in rows) / 1000, 3),
        "requests_per_minute": round_half_away(Fraction(len(rows), hours * 60), 2),
        "total_tokens": tokens,
        "total_cost_cents": cents,
        "avg_tokens_per_request": round_half_away(ratio(tokens, len(rows)), 1),
        "avg_cost_per_request_cents": round_half_away(ratio(cents, len(rows)), 2),
        **_budget_totals(_active_budgets(raw, user_id)),
        "top_endpoints": _top_endpoints(rows),
        "status_codes": _per_key(rows, _status_text, len),
        "top_models": _top_models(rows),
        "timestamp": as_of,
    }


def system_health(raw: RawEnclava, as_of: datetime) -> Row:
    """enclava.system_health; `recommendations` names the issue each text must speak to."""
    metrics = usage_metrics(raw, as_of, hours=1)
    budgets = _active_budgets(raw, None)
    near_limit = sum(1 for budget in budgets if _is_near_limit(budget))
    exceeded = sum(1 for budget in budgets if budget.is_exceeded is True)
    findings = [
        *_first_above(metrics["error_rate"], _ERROR_CHECKS),
        *_first_above(metrics["avg_response_time"], _LATENCY_CHECKS),
        *_first_above(metrics["budget_usage_percentage"], _SPEND_CHECKS),
        *_limit_findings(exceeded, near_limit),
    ]
    score = max(100 - sum(points for points, _, _ in findings), 0)
    return {
        "status": "healthy" if score >= 90 else "warning" if score >= 70 else "critical",
        "score": score,
        "issues": [{"code": code, "value": value} for _, code, value in findings],
        "recommendations": [code for _, code, _ in findings],
        "avg_response_time": metrics["avg_response_time"],
        "error_rate": metrics["error_rate"],
        "requests_per_minute": metrics["requests_per_minute"],
        "budget_usage_percentage": metrics["budget_usage_percentage"],
        "budgets_near_limit": near_limit,
        "budgets_exceeded": exceeded,
        "timestamp": as_of,
    }


def cost_analysis(
    raw: RawEnclava, as_of: datetime, *, days: int = 30, user_id: int | None = None
) -> Row:
    """enclava.cost_analysis"""
    require_between("days", days, 1, LONGEST_DAYS)
    rows = _requests(raw, as_of, timedelta(days=days), user_id, None)
    with_model = [row for row in rows if row.model]
    tokens, cents = _tokens(rows), _cents(rows)
    return {
        "period_days": days,
        "total_cost_cents": cents,
        "total_cost_dollars": Fraction(cents, 100),
        "total_tokens": tokens,
        "total_requests": len(rows),
        "efficiency_metrics": {
            "cost_per_token": ratio(cents, tokens),
            "cost_per_request": ratio(cents, len(rows)),
            "tokens_per_request": ratio(tokens, len(rows)),
        },
        "cost_by_model": _per_key(with_model, lambda row: row.model, _cents),
        "tokens_by_model": _per_key(with_model, lambda row: row.model, _tokens),
        "requests_by_model": _per_key(with_model, lambda row: row.model, len),
        "daily_costs": _per_key(rows, lambda row: known(row.created_at).date(), _cents),
        "cost_by_endpoint": _per_key(rows, lambda row: row.endpoint, _cents),
        "analysis_timestamp": as_of,
    }


FIGURES = {
    "enclava.usage_metrics": usage_metrics,
    "enclava.system_health": system_health,
    "enclava.cost_analysis": cost_analysis,
}

_Rows = list[UsageTracking]
_Finding = tuple[int, str, Number]


def _requests(
    raw: RawEnclava,
    as_of: datetime,
    length: timedelta,
    user_id: int | None,
    api_key_id: int | None,
) -> _Rows:
    return [
        row
        for row in trailing(as_of, length).rows(raw.usage_tracking, lambda row: row.created_at)
        if (user_id is None or row.user_id == user_id)
        and (api_key_id is None or row.api_key_id == api_key_id)
    ]


def _tokens(rows: _Rows) -> Number:
    return total(row.total_tokens for row in rows)


def _cents(rows: _Rows) -> Number:
    return total(row.cost_cents for row in rows)


def _per_key(
    rows: _Rows, key: Callable[[UsageTracking], Any], value: Callable[[_Rows], Number]
) -> Row:
    return {name: value(members) for name, members in grouped(rows, key).items()}


def _outcomes(rows: _Rows) -> Row:
    statuses = [row.status_code for row in rows if row.status_code is not None]
    failed = sum(1 for status in statuses if status >= FIRST_FAILED_STATUS)
    return {
        "successful_requests": len(statuses) - failed,
        "failed_requests": failed,
        "error_rate": round_half_away(ratio(failed, len(statuses)) * 100, 2),
    }


def _status_text(row: UsageTracking) -> str:
    return WITHOUT_STATUS if row.status_code is None else str(row.status_code)


def _top_endpoints(rows: _Rows) -> list[Row]:
    counts = _per_key(rows, lambda row: f"{row.method} {row.endpoint}", len)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"endpoint": name, "count": count} for name, count in ranked[:LISTED]]


def _top_models(rows: _Rows) -> list[Row]:
    groups = grouped((row for row in rows if row.model), lambda row: row.model or "")
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        {
            "model": model,
            "count": len(members),
            "total_tokens": _tokens(members),
            "total_cost_cents": _cents(members),
        }
        for model, members in ranked[:LISTED]
    ]


def _active_budgets(raw: RawEnclava, user_id: int | None) -> list[Budget]:
    """All active budgets, or those the user owns or that hang on one of the user's keys."""
    active = [budget for budget in raw.budgets if budget.is_active is True]
    if user_id is None:
        return active
    own_keys = {key.id for key in raw.api_keys if key.user_id == user_id}
    return [b for b in active if b.user_id == user_id or b.api_key_id in own_keys]


def _budget_totals(budgets: list[Budget]) -> Row:
    limit = total(budget.limit_cents for budget in budgets)
    used = total(budget.current_usage_cents for budget in budgets)
    return {
        "active_budgets": len(budgets),
        "total_budget_cents": limit,
        "used_budget_cents": used,
        "budget_usage_percentage": round_half_away(ratio(used, limit) * 100, 2),
    }


def _is_near_limit(budget: Budget) -> bool:
    return (budget.current_usage_cents or 0) * 100 >= budget.limit_cents * NEAR_LIMIT_PERCENT


def _first_above(value: Fraction, checks: Iterable[tuple[int, int, str]]) -> list[_Finding]:
    for threshold, points, code in checks:
        if value > threshold:
            return [(points, code, value)]
    return []


def _limit_findings(exceeded: int, near_limit: int) -> list[_Finding]:
    if exceeded > 0:
        return [(25, "budgets_exceeded", exceeded)]
    return [(10, "budgets_near_limit", near_limit)] if near_limit > 0 else []
