"""Auto-Analyst's usage, users, models and costs (definitions 5.3, 5.4 and 5.8).

How what the definitions leave open is read:

- A user's first usage ever is the earliest over all rows, also those before the window and those
  that name no chat.
- A user whose rows all lack a time has no first usage, and is never new (C5).
- A chat's rows without a time count as queries, but neither begin nor end the session (C5).
- `avgSessionTime` averages exact durations, to the microsecond, and is cut once, at the end.
- A period is N times 24 hours, so the filled dates are N + 1 even where `as_of` is midnight.
"""

from datetime import date, datetime, timedelta
from fractions import Fraction

from .aggregates import Row, distinct, grouped, known, mean, ratio, total
from .auto_analyst_periods import (
    DEFAULT_PERIOD,
    UsageRows,
    bounds,
    days_of,
    usage_sums,
    used,
    window_of,
)
from .json_values import round_half_away
from .raw_auto_analyst import ModelUsage, RawAutoAnalyst
from .refusals import require_between
from .windows import from_midnight, today, trailing

LISTED_USERS = 10
PROJECTED_DAYS = {"nextMonth": 30, "next3Months": 90, "nextYear": 365}


def dashboard(raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD) -> Row:
    """auto_analyst.dashboard"""
    window = window_of(period, as_of)
    rows = used(raw, window)
    sums = usage_sums(rows)
    days = sorted(grouped(rows, _date_of).items())
    return {
        "total_tokens": sums["tokens"],
        "total_cost": sums["cost"],
        "total_requests": sums["requests"],
        "total_users": distinct(row.user_id for row in rows),
        "daily_usage": [{"date": day, **usage_sums(members)} for day, members in days],
        "model_usage": _models_by_tokens(rows),
        "top_users": _users_by_tokens(rows)[:LISTED_USERS],
        **bounds(window),
    }


def users(raw: RawAutoAnalyst, as_of: datetime, *, limit: int = 100, offset: int = 0) -> Row:
    """auto_analyst.users"""
    require_between("limit", limit, 1)
    require_between("offset", offset, 0)
    rows = used(raw, trailing(as_of, timedelta(days=7)))
    seen = {
        str(user): [known(row.timestamp) for row in members]
        for user, members in grouped(rows, lambda row: row.user_id).items()
    }
    found = [
        {
            **row,
            "first_seen": min(seen[row["user_id"]]),
            "last_seen": max(seen[row["user_id"]]),
        }
        for row in _users_by_tokens(rows)
    ]
    page = found[offset : offset + limit]
    return {"users": page, "total": len(found), "limit": limit, "offset": offset}


def users_activity(
    raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD
) -> list[Row]:
    """auto_analyst.users_activity"""
    window = window_of(period, as_of)
    rows = [row for row in used(raw, window) if row.user_id is not None]
    days = grouped(rows, _date_of)
    first_uses = [moment.date() for moment in _first_uses(raw) if moment in window]
    return [
        {
            "date": day,
            "activeUsers": distinct(row.user_id for row in days.get(day, [])),
            "newUsers": first_uses.count(day),
            "sessions": distinct(row.chat_id for row in days.get(day, [])),
        }
        for day in window.dates()
    ]


def sessions_stats(raw: RawAutoAnalyst, as_of: datetime) -> Row:
    """auto_analyst.sessions_stats"""
    chats = grouped(
        (row for row in raw.model_usage if row.chat_id is not None), lambda row: row.chat_id
    )
    spans = [span for span in map(_span, chats.values()) if span > 0]
    return {
        "totalUsers": distinct(row.user_id for row in raw.model_usage),
        "activeToday": distinct(row.user_id for row in used(raw, from_midnight(as_of))),
        "avgQueriesPerSession": round_half_away(mean(len(rows) for rows in chats.values()), 1),
        "avgSessionTime": int(mean(spans)),
    }


def usage_models(
    raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD
) -> list[Row]:
    """auto_analyst.usage_models"""
    rows = used(raw, window_of(period, as_of))
    times = {model: _response_seconds(members) for model, members in _by_model(rows).items()}
    return [
        {**row, "avg_response_time": times[row["model_name"]]} for row in _models_by_tokens(rows)
    ]


def models_history(
    raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD
) -> list[Row]:
    """auto_analyst.models_history"""
    window = window_of(period, as_of)
    rows = used(raw, window)
    names = sorted({row.model_name for row in rows})
    cells = grouped(rows, lambda row: (_date_of(row), row.model_name))
    return [
        {
            "date": day,
            "models": [
                {
                    "name": name,
                    "tokens": total(row.total_tokens for row in cells.get((day, name), [])),
                    "requests": len(cells.get((day, name), [])),
                }
                for name in names
            ],
        }
        for day in window.dates()
    ]


def models_metrics(raw: RawAutoAnalyst, as_of: datetime) -> list[Row]:
    """auto_analyst.models_metrics"""
    found = [
        {
            "name": name,
            "avg_tokens": mean(row.total_tokens for row in rows),
            "avg_response_time": _response_seconds(rows),
            "success_rate": mean(int((row.completion_tokens or 0) >= 1) for row in rows),
        }
        for name, rows in _by_model(raw.model_usage).items()
    ]
    return sorted(found, key=lambda row: (-row["avg_tokens"], row["name"]))


def public_ticker(raw: RawAutoAnalyst, as_of: datetime) -> Row:
    """auto_analyst.public_ticker"""
    return {
        "total_signups": len(raw.users),
        "total_tokens": total(row.total_tokens for row in raw.model_usage),
        "total_requests": len(raw.model_usage),
        "last_updated": as_of,
    }


def costs_summary(raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD) -> Row:
    """auto_analyst.costs_summary"""
    window, days = window_of(period, as_of), days_of(period)
    sums = usage_sums(used(raw, window))
    return {
        "totalCost": sums["cost"],
        "totalTokens": sums["tokens"],
        "totalRequests": sums["requests"],
        "avgDailyCost": ratio(sums["cost"], days),
        "costPerThousandTokens": ratio(sums["cost"] * 1000, sums["tokens"]),
        "daysInPeriod": days,
        "startDate": window.start.date(),
        "endDate": window.end.date(),
    }


def costs_daily(raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD) -> list[Row]:
    """auto_analyst.costs_daily"""
    window = window_of(period, as_of)
    days = grouped(used(raw, window), _date_of)
    sums = {day: usage_sums(days.get(day, [])) for day in window.dates()}
    return [{"date": day, "cost": s["cost"], "tokens": s["tokens"]} for day, s in sums.items()]


def costs_models(
    raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD
) -> list[Row]:
    """auto_analyst.costs_models"""
    rows = _models_by_tokens(used(raw, window_of(period, as_of)))
    return sorted(rows, key=lambda row: (-row["cost"], row["model_name"]))


def costs_projections(raw: RawAutoAnalyst, as_of: datetime) -> Row:
    """auto_analyst.costs_projections"""
    rows = used(raw, trailing(as_of, timedelta(days=30)))
    sums = usage_sums(rows)
    baseline = max(distinct(_date_of(row) for row in rows), 1)
    daily_cost, daily_tokens = ratio(sums["cost"], baseline), ratio(sums["tokens"], baseline)
    return {
        "baselineDays": baseline,
        "dailyCost": daily_cost,
        "dailyTokens": daily_tokens,
        **{name: days * daily_cost for name, days in PROJECTED_DAYS.items()},
        "tokensNextMonth": 30 * daily_tokens,
    }


def costs_today(raw: RawAutoAnalyst, as_of: datetime) -> Row:
    """auto_analyst.costs_today"""
    return {"date": today(as_of), **usage_sums(used(raw, from_midnight(as_of)))}


def change_events(row: ModelUsage) -> list[Row]:
    """The messages of a new usage row (definitions 5.8)."""
    sums = usage_sums([row])
    day = None if row.timestamp is None else row.timestamp.date()
    update = {
        "type": "usage_update",
        "date": day,
        "tokens_delta": sums["tokens"],
        "cost_delta": sums["cost"],
        "requests_delta": 1,
    }
    model = {"type": "model_update", "model_name": row.model_name, **sums}
    sessions = int(row.chat_id is not None)
    activity = {"type": "user_activity", "date": day, "activeUsers": 1, "sessions": sessions}
    return [update, model] if row.user_id is None else [update, model, activity]


def _date_of(row: ModelUsage) -> date:
    return known(row.timestamp).date()


def _by_model(rows: UsageRows) -> dict[str, UsageRows]:
    return grouped(rows, lambda row: row.model_name)


def _models_by_tokens(rows: UsageRows) -> list[Row]:
    found = [{"model_name": name, **usage_sums(group)} for name, group in _by_model(rows).items()]
    return sorted(found, key=lambda row: (-row["tokens"], row["model_name"]))


def _users_by_tokens(rows: UsageRows) -> list[Row]:
    groups = grouped((row for row in rows if row.user_id is not None), lambda row: row.user_id)
    found = [{"user_id": str(user), **usage_sums(group)} for user, group in groups.items()]
    return sorted(found, key=lambda row: (-row["tokens"], int(row["user_id"])))


def _first_uses(raw: RawAutoAnalyst) -> list[datetime]:
    """The first moment of every user, over all rows."""
    rows = [row for row in raw.model_usage if row.user_id is not None and row.timestamp is not None]
    groups = grouped(rows, lambda row: row.user_id)
    return [min(known(row.timestamp) for row in members) for members in groups.values()]


def _span(rows: UsageRows) -> Fraction:
    """Seconds from the first to the last row; rows without a time have no place in it."""
    moments = [row.timestamp for row in rows if row.timestamp is not None]
    if not moments:
        return Fraction(0)
    return Fraction((max(moments) - min(moments)) // timedelta(microseconds=1), 10**6)


def _response_seconds(rows: UsageRows) -> Fraction:
    return mean(row.request_time_ms for row in rows) / 1000
