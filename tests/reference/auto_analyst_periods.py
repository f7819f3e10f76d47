"""The periods and sums that Auto-Analyst's figures are made of (definitions 5.2)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from .aggregates import Row, money, total
from .kaapi import Refused
from .raw_auto_analyst import ModelUsage, RawAutoAnalyst
from .windows import Window, trailing

DAYS_OF_PERIOD = {"7d": 7, "30d": 30, "90d": 90}
DEFAULT_PERIOD = "30d"

UsageRows = list[ModelUsage]


def days_of(period: str) -> int:
    if period not in DAYS_OF_PERIOD:
        raise Refused("period", f"choose from {list(DAYS_OF_PERIOD)}")
    return DAYS_OF_PERIOD[period]


def window_of(period: str, as_of: datetime) -> Window:
    return trailing(as_of, timedelta(days=days_of(period)))


def bounds(window: Window) -> Row:
    return {"start_date": window.start.date(), "end_date": window.end.date()}


def used(raw: RawAutoAnalyst, window: Window) -> UsageRows:
    return window.rows(raw.model_usage, lambda row: row.timestamp)


def usage_sums(rows: Iterable[ModelUsage]) -> Row:
    rows = list(rows)
    return {
        "tokens": total(row.total_tokens for row in rows),
        "cost": total(money(row.cost) for row in rows),
        "requests": len(rows),
    }
