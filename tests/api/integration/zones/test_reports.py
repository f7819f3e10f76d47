"""Every report with a day in it, in zones whose days have 23, 24 and 25 hours, or are skipped."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.api.integration.zones.conftest import Ask
from tests.api.integration.zones.rows import (
    CHANGES,
    DAY,
    cost,
    first_instant,
    local,
    succeeded,
    text,
    timed,
    tokens,
)
from tests.reference.raw_auto_analyst import ModelUsage

pytestmark = pytest.mark.database

REPORTS = """
query Reports($timezone: String, $asOf: DateTime) {
  costProjections(timezone: $timezone, asOf: $asOf) { baselineDays dailyTokens }
  creditTierUsage(period: "30d", timezone: $timezone, asOf: $asOf) { startDate endDate }
  errorAnalysis(period: "7d", timezone: $timezone, asOf: $asOf) { startDate endDate }
  sessionStatistics(timezone: $timezone, asOf: $asOf) { activeToday }
  userActivity(period: "7d", timezone: $timezone, asOf: $asOf) {
    startDate endDate days { day activeUsers newUsers sessions }
  }
  costAnalysis(days: 20, timezone: $timezone, asOf: $asOf) {
    costUsd byDay { day costUsd }
  }
  weekOverWeek(timezone: $timezone, asOf: $asOf) {
    thisWeek { requests successfulRequests successfulTokens }
    lastWeek { requests successfulRequests successfulTokens }
  }
}
"""
# Reports about lengths of time heed the zone in their filter.
SINCE_MIDNIGHT = """
query SinceMidnight($timezone: String, $asOf: DateTime, $hour: BigInt) {
  usageMetrics(
    hours: 168, timezone: $timezone, asOf: $asOf
    filter: { requestedAt: { sinceStartOf: { unit: DAY } } }
  ) { requests }
  recentActivity(timezone: $timezone, asOf: $asOf, filter: { hourOfDay: { eq: $hour } }) {
    last24HoursRequests
  }
}
"""


def moments(zone: str, change: datetime) -> Iterable[datetime]:
    """Some that lie on both sides of the change, and near midnights of the zone."""
    today = local(change, zone).date()
    for days in (0, 1, 3, 7):
        midnight = first_instant(today + days * DAY, zone)
        if midnight is not None:
            yield midnight
            yield midnight + timedelta(minutes=20)
    yield change + timedelta(minutes=40)
    # So late on the day of the change that seven times 24 hours touch nine days.
    yield change + timedelta(days=5, hours=23, minutes=30)


CASES = [
    pytest.param(zone, as_of, id=f"{zone} {as_of:%Y-%m-%d %H:%M}")
    for zone, change in CHANGES
    for as_of in sorted(set(moments(zone, change)))
]


class Expected:
    """The reports in plain Python, from the raw rows and what the zone's clock shows."""

    def __init__(self, usage: list[ModelUsage], zone: str, as_of: datetime) -> None:
        self.rows, self.zone, self.as_of = timed(usage), zone, as_of
        self.today = self.date_of(as_of)

    def date_of(self, moment: datetime) -> date:
        return local(moment, self.zone).date()

    def trailing(self, days: int) -> list[tuple[datetime, ModelUsage]]:
        start = self.as_of - days * DAY
        return [(at, row) for at, row in self.rows if start <= at <= self.as_of]

    def by_day(self, rows: Iterable[tuple[datetime, ModelUsage]]) -> dict[date, list[ModelUsage]]:
        days = defaultdict(list)
        for at, row in rows:
            days[self.date_of(at)].append(row)
        return days

    def of_dates(self, first: date, last: date) -> list[ModelUsage]:
        """Until now."""
        return [
            row for at, row in self.rows if at <= self.as_of and first <= self.date_of(at) <= last
        ]

    def dates(self, days: int) -> dict[str, str]:
        start = self.date_of(self.as_of - days * DAY)
        return {"startDate": str(start), "endDate": str(self.today)}

    def reports(self) -> dict[str, Any]:
        month = self.trailing(30)
        active = len(self.by_day(month))
        this_week = self.of_dates(self.today - 7 * DAY, self.today)
        last_week = self.of_dates(self.today - 14 * DAY, self.today - 8 * DAY)
        return {
            "costProjections": {
                "baselineDays": max(active, 1),
                "dailyTokens": Fraction(tokens(row for _, row in month), max(active, 1)),
            },
            "creditTierUsage": self.dates(30),
            "errorAnalysis": self.dates(7),
            "sessionStatistics": {"activeToday": len(users(self.of_dates(self.today, self.today)))},
            "userActivity": {**self.dates(7), "days": self.user_activity()},
            "costAnalysis": {
                "costUsd": cost(row for _, row in self.trailing(20)),
                "byDay": [
                    {"day": str(day), "costUsd": cost(rows)}
                    for day, rows in sorted(self.by_day(self.trailing(20)).items())
                ],
            },
            "weekOverWeek": {"thisWeek": week(this_week), "lastWeek": week(last_week)},
        }

    def user_activity(self) -> list[dict[str, Any]]:
        days = self.by_day((at, row) for at, row in self.trailing(7) if row.user_id)
        news = [
            self.date_of(first)
            for user in users(row for _, row in self.rows)
            for first in [min(at for at, row in self.rows if row.user_id == user)]
            if self.as_of - 7 * DAY <= first <= self.as_of
        ]
        day, listed = self.date_of(self.as_of - 7 * DAY), []
        while day <= self.today:
            if first_instant(day, self.zone) is not None:
                listed.append(
                    {
                        "day": str(day),
                        "activeUsers": len(users(days[day])),
                        "newUsers": news.count(day),
                        "sessions": len({row.chat_id for row in days[day] if row.chat_id}),
                    }
                )
            day += DAY
        return listed


def users(rows: Iterable[ModelUsage]) -> set[int]:
    return {row.user_id for row in rows if row.user_id is not None}


def week(rows: list[ModelUsage]) -> dict[str, int]:
    good = succeeded(rows)
    return {
        "requests": len(rows),
        "successfulRequests": len(good),
        "successfulTokens": tokens(good),
    }


def read(found: dict[str, Any]) -> dict[str, Any]:
    """Money and quotients as numbers."""
    found["costAnalysis"]["costUsd"] = Decimal(found["costAnalysis"]["costUsd"])
    for day in found["costAnalysis"]["byDay"]:
        day["costUsd"] = Decimal(day["costUsd"])
    projections = found["costProjections"]
    days = projections["baselineDays"]
    # A quotient may go on for ever: its numerator is a whole number.
    projections["dailyTokens"] = Fraction(round(Fraction(projections["dailyTokens"]) * days), days)
    return found


@pytest.mark.parametrize(("zone", "as_of"), CASES)
def test_reports_are_about_the_days_of_the_zone(
    zone: str, as_of: datetime, ask: Ask, usage: list[ModelUsage]
):
    found = read(ask(REPORTS, timezone=zone, asOf=text(as_of)))
    assert found == Expected(usage, zone, as_of).reports()


@pytest.mark.parametrize(("zone", "as_of"), CASES)
def test_filters_of_reports_are_about_the_zone_too(
    zone: str, as_of: datetime, ask: Ask, usage: list[ModelUsage]
):
    expected, hour = Expected(usage, zone, as_of), local(as_of, zone).hour
    found = ask(SINCE_MIDNIGHT, timezone=zone, asOf=text(as_of), hour=hour)
    day = [row for at, row in expected.trailing(1) if local(at, zone).hour == hour]
    assert found == {
        "usageMetrics": {"requests": len(expected.of_dates(expected.today, expected.today))},
        "recentActivity": {"last24HoursRequests": len(day)},
    }


def test_utc_is_meant_unless_another_zone_is_named(ask: Ask):
    as_of = text(CHANGES[0][1])
    unnamed = ask(
        REPORTS.replace("timezone: $timezone, ", "").replace("$timezone: String, ", ""), asOf=as_of
    )
    for zone in ("UTC", None, "Etc/UTC"):
        assert ask(REPORTS, timezone=zone, asOf=as_of) == unnamed
